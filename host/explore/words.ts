import { ACCESS } from './access.js';
import { PHASE } from './driver-words.js';
import type { Machine } from './machine.js';

const STATES = ['Ready', 'Executing', 'Executed', 'Aborting', 'Suspended', 'Committed'];
const VERBS: Readonly<Record<number, string>> = {
  [ACCESS.load]: 'loads',
  [ACCESS.store]: 'stores',
  [ACCESS.cmpxchg]: 'compares and swaps',
  [ACCESS.change]: 'changes',
  [ACCESS.notify]: 'notifies',
  [ACCESS.wait]: 'waits on',
};

/** A word of shared memory: what it is called, and what it says now. */
export interface Word {
  readonly name: string;
  readonly value: string;
}

/** The word at an address, by its name. */
export function wordAt(machine: Machine, address: number): Word {
  const { exports, words } = machine;
  const low = words[address >>> 2] as number;
  const high = words[(address >>> 2) + 1] as number;
  switch (address) {
    case exports.AT_FAULT.value:
      return { name: 'the fault', value: low === 0 ? 'none' : `${low}` };
    case exports.AT_FRONTIER.value: {
      const lookahead = (high >>> 5) + ((high >>> 1) & 15) / 16;
      return { name: 'the frontier', value: `${low}${high & 1 ? ', locked' : ''}, lookahead ${lookahead}` };
    }
    case exports.AT_EXECUTION.value:
      return {
        name: 'the execution cursor',
        value: `${low}, claimed to ${high & 0x7fffffff}${high >>> 31 ? ', closed' : ''}`,
      };
    case exports.AT_WAVE.value:
      return { name: 'the wave', value: low >= high ? 'over' : `${low} to ${high}` };
    case exports.AT_PARKED.value:
      return { name: 'the count of the parked', value: `${low | 0}` };
    case exports.AT_WAKE.value:
      return { name: 'the wake word', value: `${low}` };
    case exports.AT_AWAITED.value:
      return { name: 'what the host awaits', value: low === 0xffffffff ? 'nobody' : `${low}` };
    case exports.AT_POOL_FREE.value:
      return { name: 'the bounds of the pool', value: `${hex(low)} to ${hex(high)}` };
    case exports.AT_LOCATIONS_USED.value:
      return { name: 'the count of locations', value: `${low}` };
    default:
      return transactionWord(machine, address) ?? locationWord(machine, address) ?? other(address, low);
  }
}

function transactionWord({ exports, words, block }: Machine, address: number): Word | undefined {
  const offset = address - (exports.transactionsBase.value >>> 0);
  const index = offset >>> exports.TRANSACTION_SHIFT.value;
  if (offset < 0 || index >= block.programs.length) return undefined;
  const at = offset & ((1 << exports.TRANSACTION_SHIFT.value) - 1);
  const low = words[address >>> 2] as number;
  const high = words[(address >>> 2) + 1] as number;
  if (at === exports.TX_ACCESSES.value)
    return { name: `the accesses kept of call ${index}`, value: `${high} at ${hex(low)}` };
  if (at !== 0) return { name: `byte ${at} of call ${index}`, value: hex(low) };
  const state = STATES[low & 7] ?? `state ${low & 7}`;
  const dependents = high >>> 8;
  const suffix = `${low & 8 ? ', waits for its turn' : ''}${dependents === 0 ? '' : `, call ${dependents - 1} waits for it`}`;
  return { name: `the status of call ${index}`, value: `${state}, incarnation ${(low >>> 4) & 63}${suffix}` };
}

function locationWord({ exports, words, locations, block }: Machine, address: number): Word | undefined {
  const key = locations.findIndex((each) => address >= each && address < each + exports.LOCATION_SIZE.value);
  if (key < 0) return undefined;
  const name = block.names[key] as string;
  const low = words[address >>> 2] as number;
  const at = address - (locations[key] as number);
  if (at === exports.LOCATION_COMMITTED.value) {
    return { name: `the committed value of ${name}`, value: recordText(exports.ABSENT.value, words, low) };
  }
  if (at === exports.LOCATION_CHAIN.value)
    return { name: `the versions of ${name}`, value: low === 0 ? 'none' : `from ${hex(low)}` };
  if (at === exports.LOCATION_TOWER.value)
    return { name: `the tower of ${name}`, value: low === 0 ? 'none' : hex(low) };
  return { name: `byte ${at} of the location of ${name}`, value: hex(low) };
}

function recordText(absent: number, words: Uint32Array, record: number): string {
  if (words[record >>> 2] === absent >>> 0) return 'no value';
  const low = BigInt(words[(record + 8) >>> 2] as number);
  return `${low | (BigInt(words[(record + 12) >>> 2] as number) << 32n)}, the record at ${hex(record)}`;
}

function other(address: number, value: number): Word {
  return { name: `the word at ${hex(address)}`, value: hex(value) };
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

/** What a worker is at. */
export function doing(machine: Machine, worker: number): string {
  const call = machine.callOf(worker);
  switch (machine.phaseOf(worker)) {
    case PHASE.next:
      return 'asks for work';
    case PHASE.park:
      return 'has nothing to do and parks';
    case PHASE.look:
      return 'is parked and looks once more';
    case PHASE.wait:
      return 'goes to sleep';
    case PHASE.unpark:
    case PHASE.unparkAndRun:
    case PHASE.unparkAndLeave:
      return 'is up again';
    case PHASE.run:
      return `executes call ${call?.index}, at ${call?.operation}`;
    case PHASE.complete:
      return `completes call ${call?.index}`;
    case PHASE.unwound:
      return `leaves call ${call?.index}, which met an estimate or failed`;
    case PHASE.asleep:
      return 'sleeps';
    default:
      return 'has left';
  }
}

export function verb(kind: number): string {
  return VERBS[kind] ?? 'touches';
}
