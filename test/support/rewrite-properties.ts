import { expect } from 'vitest';
import { check } from '../../dist/host/index.js';
import { decode } from '../../dist/host/wasm/decode.js';
import { encode } from '../../dist/host/wasm/encode.js';
import { instrument } from '../../dist/host/wasm/instrument.js';
import { CHARGED, countReached, REACHED } from './counted-module.js';
import { fuzzedModule } from './fuzzed-module.js';
import { generateModule, METHODS } from './generated-module.js';
import { Random } from './random.js';
import { Harness, type Outcome } from './wasm-harness.js';

/** What happened in the modules looked at: a generator that has become trivial shows here. */
export interface Coverage {
  modules: number;
  returned: number;
  trapped: number;
  grown: number;
  interrupted: number;
  ranOut: number;
}

export function noCoverage(): Coverage {
  return { modules: 0, returned: 0, trapped: 0, grown: 0, interrupted: 0, ranOut: 0 };
}

const FUEL = 200;

function compile(bytes: Uint8Array<ArrayBuffer>): WebAssembly.Module {
  return new WebAssembly.Module(bytes);
}

/** What a contract can see of its own call. */
function seen({ log, end }: Outcome): unknown {
  return { log, end };
}

/** What the runtime and its caller see besides. */
function charged({ log, end, gasUsed }: Outcome): unknown {
  return { log, end, gasUsed };
}

/** Check everything that is promised of the rewrite on the module of a seed. */
export function checkRewrite(seed: number, coverage: Coverage): void {
  const random = new Random(seed);
  const original = generateModule(random, FUEL);
  expect(check(original)).toEqual([]);
  checkModule(original, METHODS, random, coverage);
}

/** The same on a module that ends by itself. */
export function checkModule(
  original: Uint8Array<ArrayBuffer>,
  methods: readonly string[],
  random: Random,
  coverage: Coverage,
): void {
  const plain = compile(original);
  const copied = compile(encode(decode(original)));
  const instrumented = compile(instrument(original));
  coverage.modules++;
  for (const method of methods) {
    const expected = new Harness(plain).call(method);
    expect(seen(new Harness(copied).call(method)), `${method}, encoded`).toEqual(seen(expected));
    const first = new Harness(instrumented).call(method);
    expect(seen(first), `${method}, instrumented`).toEqual(upToLimit(expected, first));
    if (first.end === 'returned') expect(first.stackUsed, `${method}, stack`).toBe(0);
    checkGas(instrumented, method, first);
    coverage.returned += Number(first.end === 'returned');
    coverage.trapped += Number(first.end.startsWith('trap'));
    coverage.grown += Number(first.hasGrown);
  }
  checkCharges(compile(countReached(original)), methods);
  checkLeaks(random, instrumented, methods, coverage);
}

/** No instruction is reached that has not been charged. */
function checkCharges(counted: WebAssembly.Module, methods: readonly string[]): void {
  for (const method of methods) {
    const harness = new Harness(counted);
    harness.call(method);
    expect(harness.global(CHARGED), `${method}, charged`).toBeGreaterThanOrEqual(harness.global(REACHED));
  }
}

/** What the original showed up to where the instrumented one asked for more memory than a contract may have. */
function upToLimit({ log, end }: Outcome, instrumented: Outcome): unknown {
  if (instrumented.log.at(-1) !== 'memoryLimit') return { log, end };
  return { log: [...log.slice(0, instrumented.log.length - 1), 'memoryLimit'], end: instrumented.end };
}

/** All of the gas that a call uses is enough for it, and one less is not. */
function checkGas(module: WebAssembly.Module, method: string, expected: Outcome): void {
  const { gasUsed } = expected;
  expect(charged(new Harness(module).call(method, { gas: gasUsed })), `${method}, all its gas`).toEqual(
    charged(expected),
  );
  if (gasUsed === 0n) return;
  expect(new Harness(module).call(method, { gas: gasUsed - 1n }).isOutOfGas, `${method}, one gas less`).toBe(true);
}

/** Whatever a call does, and however it ends: the one after it gives what it gives on a fresh instance. */
function checkLeaks(random: Random, module: WebAssembly.Module, methods: readonly string[], coverage: Coverage): void {
  const fresh = new Map(methods.map((method) => [method, new Harness(module).call(method)]));
  let harness = new Harness(module);
  for (let call = 0; call < 12; call++) {
    const method = random.pick(methods);
    const alone = fresh.get(method) as Outcome;
    const how = random.below(3);
    const options = [
      {},
      { gas: (alone.gasUsed * BigInt(random.below(1000))) / 1000n },
      { interruptAt: random.below(alone.log.length + 1) },
    ][how];
    const outcome = harness.call(method, options);
    if (how === 0) expect(charged(outcome), `call ${call}, ${method}`).toEqual(charged(alone));
    coverage.ranOut += Number(outcome.isOutOfGas);
    coverage.interrupted += Number(outcome.end === 'interrupted');
    // Its memory cannot shrink: the runtime gives the next call another instance.
    if (outcome.hasGrown) harness = new Harness(module);
  }
}

/** A module that may be endless ends on its gas, and leaves nothing either. */
export function checkEndless(seed: number): { readonly ranOut: number } {
  const original = generateModule(new Random(seed), undefined);
  const instrumented = compile(instrument(original));
  let ranOut = 0;
  let harness = new Harness(instrumented);
  const gas = 2_000_000n;
  const fresh = METHODS.map((method) => new Harness(instrumented).call(method, { gas }));
  for (const [index, method] of [...METHODS, ...METHODS].entries()) {
    const outcome = harness.call(method, { gas });
    expect(charged(outcome), `call ${index}, ${method}`).toEqual(charged(fresh[index % METHODS.length] as Outcome));
    expect(outcome.end).not.toBe('stack');
    ranOut += Number(outcome.isOutOfGas);
    if (outcome.hasGrown) harness = new Harness(instrumented);
  }
  return { ranOut };
}

/** The same on `count` modules of binaryen's generator, from seed `first` on. The seed is part of what fails. */
export async function checkFuzzed(
  { first, count }: { readonly first: number; readonly count: number },
  coverage: Coverage,
): Promise<void> {
  let next = first;
  const work = async (): Promise<void> => {
    while (next < first + count) {
      const seed = next++;
      const { wasm, methods } = await fuzzedModule(seed);
      try {
        if (methods.length > 0) checkModule(wasm, methods, new Random(seed), coverage);
      } catch (error) {
        throw new Error(`binaryen's module of seed ${seed}`, { cause: error });
      }
    }
  };
  await Promise.all([work(), work()]);
}
