import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../dist/host/contract/index.js';
import type {
  BacktraceFrame,
  Contract,
  ContractFailure,
  ExecutorName,
  Receipt,
  RuntimeOptions,
} from '../../dist/host/index.js';
import { createRuntime } from '../../dist/host/index.js';
import { Runtimes } from '../support/runtimes.js';
import { HEADER, section, text } from '../support/wasm.js';

/** Each way to fail is marked by a comment, after the code on its line. */
const SOURCE = `import { checked, Map, require, revert, trap, Value } from "blockstm/assembly";
const cells = new Map<u64, u64>("cells");
const turn = new Value<u64>("turn");

export function reverts(n: u64): void {
  if (n > 0) revert("reverted on purpose"); // reverts
}
export function requires(n: u64): void {
  const before = cells.get(n);
  require(before > n, "required"); // requires
  cells.set(n, 1);
}
export function bare(n: u64): void {
  const before = cells.get(n);
  const ok = before > n;
  require(before == 0, "found");
  require(ok, "bare"); // bare
  cells.set(n, before);
}
export function silent(n: u64): void {
  const before = cells.get(n);
  assert(n == 0); // silent
  cells.set(n, before);
}
export function falls(n: u64): void {
  cells.set(n, 1);
  if (n == 0) return;
  throw new Error(); // falls
}
export function overflows(n: u64): u64 { return checked.add(n, u64.MAX_VALUE); } // overflows
export function asserts(n: u64): void {
  assert(n == 0, "asserted"); // asserts
}
export function throws(n: u64): void {
  if (n > 0) throw new Error("thrown"); // throws
}
export function traps(n: u64): void {
  if (n > 0) trap(); // traps
}
export function divides(n: u64): u64 {
  return 100 / (n - 1); // divides
}
export function loads(n: u64): u32 {
  const numbers = new StaticArray<u32>(4);
  return numbers[<i32>n + 100]; // loads
}
function endless(n: u64): u64 {
  return endless(n + 1) + 1; // endless
}
export function recurses(n: u64): u64 {
  return endless(n);
}
function spend(n: u64): u64 {
  let sum = cells.get(n); // spend
  for (let i: u64 = 0; i < 1000000000; i++) sum ^= sum * 31 + i; // spends
  return sum;
}
export function spends(n: u64): u64 {
  return spend(n);
}
@inline
function half(n: u64): u64 {
  if (n % 2 == 1) revert("odd"); // half
  return n / 2;
}
export function inlines(n: u64): u64 {
  return half(n) + 1;
}
function deep(n: u64): u64 {
  if (n == 0) revert("bottom"); // bottom
  return deep(n - 1) * 2; // deeper
}
class Account {
  constructor(private n: u64) {}
  debit(amount: u64): u64 {
    if (amount > this.n) return deep(amount + 40); // debit
    return deep(amount);
  }
}
export function nests(n: u64): u64 {
  const account = new Account(n);
  return account.debit(n + 1) + account.debit(n); // nests
}
export function fine(n: u64): u64 {
  return n;
}
/** Fails in one line where it reads what is there before the block, and in another where it reads what the calls before it wrote. */
export function follows(n: u64): void {
  const at = turn.get();
  turn.set(at + 1);
  let work: u64 = 0;
  for (let i: u64 = 0; i < 20000; i++) work = work * 31 + i;
  cells.set(at, work);
  if (n == 0) return;
  if (at < n) revert("too early"); // early
  revert("in turn"); // turn
}
`;

const line = (marker: string): number => SOURCE.split('\n').findIndex((each) => each.endsWith(`// ${marker}`)) + 1;
const sender = new Uint8Array(32).fill(1);

const runtimes = new Runtimes();
/** On a busy machine. */
const COMPILING_MS = 60_000;

let wasm: { readonly debug: Uint8Array; readonly plain: Uint8Array };

beforeAll(async () => {
  const source = { source: SOURCE, name: 'failing' };
  wasm = { debug: (await compile(source, { debug: true })).wasm, plain: (await compile(source)).wasm };
}, COMPILING_MS);
afterAll(() => runtimes.close());

async function deployed(options: RuntimeOptions, code = wasm.debug, address = 7): Promise<Contract> {
  const runtime = await runtimes.get(options);
  const at = new Uint8Array(32).fill(address);
  return runtime.contract(at) ?? runtime.deploy(code, { address: at });
}

function errorOf({ error }: Receipt): ContractFailure {
  if (error === undefined) throw new Error('the call did not fail');
  return error;
}

/** Where, as "function file:line". */
function places(backtrace: readonly BacktraceFrame[] | undefined): string[] {
  return (backtrace ?? []).map(({ function: name, file, line }) => `${name} ${file ?? '?'}:${line ?? '?'}`);
}

/** What each method fails by, the code, the marker of its place, and the functions of the author's that it is in. */
const failures = [
  ['reverts', 'revert', 'reverts', ['reverts']],
  ['requires', 'revert', 'requires', ['requires']],
  ['bare', 'revert', 'bare', ['bare']],
  ['silent', 'revert', 'silent', ['silent']],
  ['falls', 'revert', 'falls', ['falls']],
  ['overflows', 'revert', 'overflows', ['overflows']],
  ['asserts', 'revert', 'asserts', ['asserts']],
  ['throws', 'revert', 'throws', ['throws']],
  ['traps', 'unreachable', 'traps', ['traps']],
  ['divides', 'divisionByZero', 'divides', ['divides']],
  ['loads', 'revert', 'loads', ['loads']],
  ['recurses', 'stackLimit', 'endless', ['endless']],
  ['spends', 'outOfGas', 'spends', ['spend', 'spends']],
  ['inlines', 'revert', 'half', ['half', 'inlines']],
  ['nests', 'revert', 'bottom', ['deep', 'debit', 'nests']],
] as const;

const modes: readonly (readonly [ExecutorName, number])[] = [
  ['sequential', 1],
  ['block-stm', 2],
  ['block-stm', 4],
];

describe.each(modes)('%s, %i workers', (executor, workers) => {
  const options = { executor, workers, backtraces: true };

  test('every failure points at its line', async () => {
    const runtime = await runtimes.get(options);
    const contract = await deployed(options);
    const transactions = failures.map(([method]) =>
      contract.transaction(sender, method, { n: 1 }, { gasLimit: 30_000_000 }),
    );
    const { receipts } = await runtime.execute({ transactions });
    for (const [index, [method, code, marker]] of failures.entries()) {
      const error = errorOf(receipts.get(index));
      expect({ method, code: error.code, file: error.position?.file, line: error.position?.line }).toEqual({
        method,
        code,
        file: 'failing.ts',
        line: line(marker),
      });
      const { column } = error.position as { column: number };
      const text = SOURCE.split('\n')[line(marker) - 1] as string;
      expect(column).toBeGreaterThan(text.length - text.trimStart().length);
      expect(column).toBeLessThanOrEqual(text.indexOf('//'));
    }
  });

  test('the backtrace names the functions, the innermost first, with their lines, source and contract', async () => {
    const runtime = await runtimes.get(options);
    const contract = await deployed(options);
    for (const [method, , marker, functions] of failures) {
      const call = contract.transaction(sender, method, { n: 1 }, { gasLimit: 30_000_000 });
      const { backtrace = [] } = errorOf((await runtime.execute({ transactions: [call] })).receipts.get(0));
      const own = backtrace.filter(({ file }) => file === undefined || !file.startsWith('~lib/'));
      const names = own.map(({ function: name }) => name.replace('Account#', ''));
      if (method === 'recurses') {
        expect(new Set(names)).toEqual(new Set(functions));
        expect(names.length).toBeGreaterThan(32);
        expect(backtrace.length).toBeLessThanOrEqual(64);
      } else if (method === 'nests') {
        // The compiler unrolls some of the calls.
        expect(names.filter((name, index) => name !== names[index - 1])).toEqual(functions);
        const deeper = own.filter((frame) => frame.function === 'deep' && frame.line === line('deeper'));
        expect(deeper.length).toBeGreaterThan(5);
      } else expect(names, method).toEqual(functions);
      const at = own.find(({ line: number }) => number === line(marker));
      expect(at?.source).toBe(SOURCE.split('\n')[line(marker) - 1]?.trimEnd());
      for (const frame of backtrace) expect(frame.contract).toEqual(contract.address);
    }
  });

  test('views, the first on a worker and the others on this thread, which keeps its own depth of stacks', async () => {
    const runtime = await runtimes.get(options);
    const contract = await runtime.deploy(wasm.debug);
    const { stackTraceLimit } = Error;
    for (let view = 0; view < 3; view++) {
      const { position, backtrace } = errorOf(await runtime.view(contract.transaction(sender, 'nests', { n: 1 })));
      expect(position).toMatchObject({ file: 'failing.ts', line: line('bottom') });
      expect(places(backtrace)).toContain(`deep failing.ts:${line('deeper')}`);
      expect((await runtime.view(contract.transaction(sender, 'fine', { n: 1 }))).error).toBeUndefined();
    }
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
  });
});

test('of a call that was executed several times it is the last one that counts', async () => {
  const policy = { grain: 1, estimates: false } as const;
  const options = { executor: 'block-stm', workers: 4, backtraces: true, policy } as const;
  const runtime = await runtimes.get(options);
  const count = 600;
  let aborts = 0;
  for (let block = 0; block < 10; block++) {
    const contract = await runtime.deploy(wasm.debug);
    // Every one but the first reads what the one before it wrote, and nothing says so beforehand. Those that fail count nothing.
    const transactions = Array.from({ length: count }, (_, index) => {
      return contract.transaction(sender, 'follows', { n: index % 3 === 2 ? ((index + 1) / 3) * 2 : 0 });
    });
    const { receipts, stats } = await runtime.execute({ transactions });
    aborts += stats.aborts;
    const failed = [...receipts].filter(({ status }) => status !== 'ok').map(errorOf);
    expect(failed).toHaveLength(count / 3);
    for (const { message, position } of failed) {
      expect({ message, line: position?.line }).toEqual({ message: 'in turn', line: line('turn') });
    }
  }
  expect(aborts).toBeGreaterThan(0);
});

test('a block is not told what the one before it failed by', async () => {
  const options = { executor: 'block-stm', workers: 2, backtraces: true } as const;
  const runtime = await runtimes.get(options);
  const contract = await deployed(options);
  const failing = contract.transaction(sender, 'nests', { n: 1 });
  await runtime.execute({ transactions: [failing, failing, failing] });
  const unknown = { ...failing, method: 'nowhere' };
  const { receipts } = await runtime.execute({ transactions: [unknown, unknown, unknown] });
  for (const receipt of receipts)
    expect(errorOf(receipt)).toEqual({ code: 'unknownMethod', message: expect.any(String) });
});

test('every executor gives the same backtraces', async () => {
  const all = await Promise.all(
    modes.map(async ([executor, workers]) => {
      const options = { executor, workers, backtraces: true };
      const contract = await deployed(options);
      const transactions = failures.map(([method]) => contract.transaction(sender, method, { n: 1 }));
      const limited = transactions.map((call) => ({ ...call, gasLimit: 30_000_000 }));
      const { receipts } = await (await runtimes.get(options)).execute({ transactions: limited });
      return [...receipts].map(({ error }) => error);
    }),
  );
  expect(all[1]).toEqual(all[0]);
  expect(all[2]).toEqual(all[0]);
});

test('of many failed calls the first have a backtrace', async () => {
  const options = { executor: 'block-stm', workers: 2, backtraces: true } as const;
  const contract = await deployed(options);
  const call = contract.transaction(sender, 'asserts', { n: 1 });
  const { receipts } = await (await runtimes.get(options)).execute({ transactions: Array(3000).fill(call) });
  const traced = [...receipts].map(({ error }) => error?.position?.line === line('asserts'));
  expect(traced.indexOf(false)).toBe(1024);
  expect(traced.lastIndexOf(true)).toBe(1023);
});

describe('without debug', () => {
  test('the functions are there by their numbers, or by the names of methods, and there is no place', async () => {
    const options = { executor: 'sequential', workers: 1, backtraces: true } as const;
    const contract = await deployed(options, wasm.plain, 8);
    const transactions = [contract.transaction(sender, 'nests', { n: 1 })];
    const { receipts } = await (await runtimes.get(options)).execute({ transactions });
    const { position, backtrace = [] } = errorOf(receipts.get(0));
    expect(position).toBeUndefined();
    expect(backtrace.at(-1)).toEqual({ function: 'nests', contract: contract.address });
    for (const { function: name } of backtrace.slice(0, -1)) expect(name).toMatch(/^function \d+$/);
  });

  test('it costs no gas', async () => {
    const options = { executor: 'sequential', workers: 1, backtraces: true } as const;
    const runtime = await runtimes.get(options);
    const [debug, plain] = [await deployed(options), await deployed(options, wasm.plain, 8)];
    for (const [method] of failures) {
      const of = (contract: Contract) => runtime.view(contract.transaction(sender, method, { n: 1 }));
      expect((await of(debug)).gasUsed).toBe((await of(plain)).gasUsed);
    }
  });
});

test('without the option nothing is kept', async () => {
  const options = { executor: 'block-stm', workers: 2 } as const;
  const runtime = await runtimes.get(options);
  const contract = await deployed(options);
  const transactions = [contract.transaction(sender, 'asserts', { n: 1 })];
  const { receipts } = await runtime.execute({ transactions });
  const expected = { code: 'revert', message: `asserted (failing.ts:${line('asserts')}:3)` };
  expect(errorOf(receipts.get(0))).toEqual(expected);
  for (let view = 0; view < 2; view++) {
    expect(errorOf(await runtime.view(transactions[0] as (typeof transactions)[0]))).toEqual(expected);
  }
});

test('receipts that come while the block runs have none, those of the result do', async () => {
  const options = { executor: 'sequential', workers: 1, backtraces: true } as const;
  const contract = await deployed(options);
  const execution = (await runtimes.get(options)).execute({
    transactions: [contract.transaction(sender, 'asserts', { n: 1 })],
  });
  const { receipts } = await execution;
  expect(errorOf(receipts.get(0)).position?.line).toBe(line('asserts'));
});

test.each(['{', '{"version":3,"sources":["a"],"mappings":"!"}', '[]'])(
  'a source map that is none is passed over: %s',
  async (json) => {
    const options = { executor: 'sequential', workers: 1, backtraces: true } as const;
    const runtime = await runtimes.get(options);
    const mapped = Uint8Array.from([
      ...wasm.plain,
      ...section(0, [...text('blockstm.source-map'), ...Buffer.from(json)]),
    ]);
    const contract = await runtime.deploy(mapped);
    const { receipts } = await runtime.execute({ transactions: [contract.transaction(sender, 'traps', { n: 1 })] });
    expect(errorOf(receipts.get(0))).toMatchObject({ code: 'unreachable', backtrace: [{ function: 'traps' }] });
  },
);

test('the option is true or false', async () => {
  const given = { backtraces: 1 } as unknown as RuntimeOptions;
  await expect(createRuntime(given)).rejects.toMatchObject({ code: 'ERR_OPTION' });
  expect(HEADER).toHaveLength(8);
});
