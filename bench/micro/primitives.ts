import { readFileSync } from 'node:fs';
import { decodeOutput, encodeInput } from '../../host/contract/codec.js';
import { readInterface } from '../../host/contract/module-interface.js';
import { InvariantError, instrument, type Transaction } from '../../host/index.js';
import type { Code } from '../../host/wasm/code.js';
import { builtContractPath } from '../package.js';
import { BareEngine } from './bare-engine.js';
import { buildContract, INDEX, imported, NARROW, WIDE } from './module-builder.js';
import { RUN, Speculation } from './speculation.js';

/** One thing that the engine does all the time, many times over. */
export interface Primitive {
  readonly name: string;
  /** What is in a sample, in a few words. */
  readonly sample: string;
  /** Resolves to the milliseconds that one sample took, without what it needs around it. */
  measure(): Promise<number>;
}

/** Keys that a call of the contract below looks up, reads or writes. */
const KEYS = 32;
/** One call in so many writes the same keys: as a block does that is not too contended. */
const WRITERS_APART = 16;
/** Calls of a sequential block. */
const CALLS = 500;
const LONG_KEY = 248;
const LONG_KEYS = 4;
const CARD = 4_096;
const PAGE = 65_536;
const I64_STORE = 0x37;
const CODEC_VALUES = 400;

const repeat = (count: number, write: (number: number) => void): void => {
  for (let number = 0; number < count; number++) write(number);
};

/** The slot of the key `number`, into NARROW. */
const lookUp = (code: Code, number: number): Code =>
  code.i64(number).call(imported('push')).i32(8).call(imported('lookup')).set(NARROW);

/** The slot of a key that one call in so many has: the call's input, and `number`. */
const lookUpOwn = (code: Code, number: number): Code =>
  code.get(WIDE).call(imported('push')).i64(number).call(imported('push')).i32(16).call(imported('lookup')).set(NARROW);

const METHODS = new Map<string, (code: Code) => void>([
  ['nothing', () => {}],
  ['lookUp', (code) => repeat(KEYS, (number) => lookUp(code, number))],
  ['read', (code) => repeat(KEYS, (number) => lookUp(code, number).get(NARROW).call(imported('read')).set(NARROW))],
  [
    'write',
    (code) => {
      code.call(imported('input')).set(INDEX).call(imported('take')).set(WIDE);
      repeat(KEYS, (number) =>
        lookUpOwn(code, number).get(WIDE).call(imported('push')).get(NARROW).i32(8).call(imported('write')),
      );
    },
  ],
  [
    'hash',
    (code) =>
      repeat(LONG_KEYS, (number) => {
        for (let at = 0; at < LONG_KEY; at += 8) code.i64(number + at).call(imported('push'));
        code.i32(LONG_KEY).call(imported('lookup')).set(NARROW);
      }),
  ],
  [
    'dirty',
    (code) => {
      for (let at = 0; at < PAGE; at += CARD) code.i32(at).i64(1).byte(I64_STORE, 0, 0);
    },
  ],
]);

const NOBODY = new Uint8Array(32);

function calls(method: string, count: number): readonly Transaction[] {
  return Array.from({ length: count }, (_, index) => {
    const input = new Uint8Array(8);
    new DataView(input.buffer).setUint32(0, index % WRITERS_APART, true);
    return { sender: NOBODY, contract: NOBODY, method, input, gasLimit: Number.MAX_SAFE_INTEGER };
  });
}

/** Calls that all succeed, one after another, on the kernel's sequential steps. */
function sequential(engine: BareEngine, name: string, method: string, sample: string): Primitive {
  const block = calls(method, CALLS);
  return {
    name,
    sample: `${CALLS} calls, ${sample}`,
    measure: async () => {
      const ns = await engine.run(block);
      if (engine.outcome(CALLS - 1).status !== 0) throw new InvariantError(`the last call of ${method} failed`);
      return ns / 1e6;
    },
  };
}

/** @param blocks so many of two runs in a sample: some hundred microseconds, in which a busy machine seldom interrupts. */
function ahead(
  engine: Speculation,
  name: string,
  part: 'speculation' | 'validation',
  blocks: number,
  method: string,
  sample: string,
): Primitive {
  const block = calls(method, 2 * RUN);
  return {
    name,
    sample: `${blocks * RUN} calls ahead of others, ${sample}`,
    measure: async () => {
      let ms = 0;
      for (let count = 0; count < blocks; count++) ms += (await engine.run(block))[part];
      return ms;
    },
  };
}

/** Arguments to words and words to values, as the host does for each transaction and receipt that is asked for. */
function codec(): readonly Primitive[] {
  const described = readInterface(new WebAssembly.Module(readFileSync(builtContractPath('lending'))));
  if (described === undefined) throw new InvariantError('the contract lending has no interface');
  const args = { lent: NOBODY, collateral: NOBODY, price: 7n };
  const output = new Uint8Array(4 * 8);
  const timed = (work: () => void): number => {
    const start = performance.now();
    repeat(CODEC_VALUES, work);
    return performance.now() - start;
  };
  return [
    {
      name: 'codec, encode',
      sample: `${CODEC_VALUES} times two addresses and a u64`,
      measure: async () => timed(() => encodeInput(described, 'open', args)),
    },
    {
      name: 'codec, decode',
      sample: `${CODEC_VALUES} times a struct of four u64`,
      measure: async () => timed(() => decodeOutput(described, 'positionOf', output)),
    },
  ];
}

export async function primitives(): Promise<readonly Primitive[]> {
  const contract = await WebAssembly.compile(instrument(buildContract(METHODS)));
  const bare = await BareEngine.create(contract);
  const speculation = await Speculation.create(contract);
  return [
    sequential(bare, 'lookup', 'lookUp', `${KEYS} keys of 8 bytes each`),
    sequential(bare, 'hash', 'hash', `${LONG_KEYS} keys of ${LONG_KEY} bytes each`),
    sequential(bare, 'reset', 'dirty', `${PAGE / CARD} places of 64 KiB dirtied by each`),
    ahead(speculation, 'claim', 'speculation', 16, 'nothing', 'which do nothing'),
    ahead(speculation, 'publish', 'speculation', 1, 'write', `each writing ${KEYS} keys`),
    ahead(speculation, 'validate', 'validation', 16, 'read', `each of which has read ${KEYS} keys`),
    ...codec(),
  ];
}
