import type { Receipt } from '../index.js';
import type { TestContract } from './test-contract.js';

/** An event as its contract's interface describes it. */
export interface DecodedEvent {
  readonly name: string;
  /** Undefined where the interface does not describe it. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** Those of `contract`, in the order in which they were announced. */
export function decodeEvents(contract: TestContract, { events }: Pick<Receipt, 'events'>): DecodedEvent[] {
  return events
    .filter((event) => Buffer.compare(event.contract, contract.address) === 0)
    .map(({ topic }) => ({ name: nameOf(topic), fields: undefined }));
}

/** The topic's beginning, up to a zero byte. */
function nameOf(topic: Uint8Array): string {
  const end = topic.indexOf(0);
  return Buffer.from(end === -1 ? topic : topic.subarray(0, end)).toString('utf8');
}
