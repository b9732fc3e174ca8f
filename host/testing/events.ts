import { type ContractEvent, decodeEvent, MisuseError, type Receipt } from '../index.js';
import type { TestContract } from './test-contract.js';

/** An event that a contract announced. */
export interface AnnouncedEvent {
  readonly name: string;
  /** By name; undefined where the contract's interface does not describe it. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

type Described = Pick<TestContract, 'interface' | 'address'>;

/** Those of `contract`, in the order in which they were announced. @throws MisuseError for what is no receipt. */
export function eventsOf(contract: Described, receipt: Pick<Receipt, 'events'>): AnnouncedEvent[] {
  if (!Array.isArray(receipt?.events)) {
    throw new MisuseError('ERR_ARGUMENT', `events: expected a receipt, found ${String(receipt)}`);
  }
  return receipt.events
    .filter((event) => Buffer.compare(event.contract, contract.address) === 0)
    .map((event) => described(contract, event) ?? { name: nameOf(event.topic), fields: undefined });
}

/** Undefined for one that the interface does not describe: a contract may announce something else than it says. */
function described({ interface: document }: Described, event: ContractEvent): AnnouncedEvent | undefined {
  try {
    return document && decodeEvent(document, event);
  } catch (error) {
    if (error instanceof MisuseError) return undefined;
    throw error;
  }
}

/** The topic's beginning, up to a zero byte. */
function nameOf(topic: Uint8Array): string {
  const end = topic.indexOf(0);
  return Buffer.from(end === -1 ? topic : topic.subarray(0, end)).toString('utf8');
}
