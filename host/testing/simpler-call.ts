import type { ContractCall } from './contract-call.js';
import { UnmadeCalls } from './unmade-calls.js';

/** The call with one argument that is simpler: numbers towards 0, texts and lists shorter. The simplest first. */
export function* simplerCalls(call: ContractCall): Generator<ContractCall> {
  for (const [name, value] of Object.entries(call.args)) {
    for (const simpler of simplerValues(value)) {
      const changed = withArgs(call, { ...call.args, [name]: simpler });
      if (changed !== undefined) yield changed;
    }
  }
}

function* simplerValues(value: unknown): Generator<unknown> {
  if (typeof value === 'bigint') {
    if (value > 0n) yield* distinct([0n, 1n, value / 2n, value - 1n].filter((each) => each < value));
  } else if (typeof value === 'number') {
    if (value > 0) yield* distinct([0, 1, Math.floor(value / 2), value - 1].filter((each) => each < value));
  } else if (typeof value === 'string' || Array.isArray(value)) {
    if (value.length > 0) yield* [value.slice(0, 0), value.slice(0, value.length >> 1)].slice(0, value.length);
  }
}

function distinct<Value>(values: readonly Value[]): Set<Value> {
  return new Set(values);
}

/** Undefined where the interface does not take these: an address written in digits has no shorter one. */
function withArgs(call: ContractCall, args: Readonly<Record<string, unknown>>): ContractCall | undefined {
  const { gasLimit } = call.transaction;
  try {
    const simpler = call.contract.as(call.sender)[call.method](args, gasLimit === undefined ? {} : { gasLimit });
    // Nobody has written it down.
    UnmadeCalls.delete(simpler);
    return simpler;
  } catch {
    return undefined;
  }
}
