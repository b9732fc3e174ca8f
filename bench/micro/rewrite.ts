import { readFileSync } from 'node:fs';
import { stdout } from 'node:process';
import { Bench } from 'tinybench';
import { encodeInput } from '../../host/contract/codec.js';
import { readInterface } from '../../host/contract/module-interface.js';
import { check, instrument, type Transaction } from '../../host/index.js';
import { RESET_EXPORT } from '../../host/wasm/instrument.js';
import { builtContractPath } from '../package.js';
import { formatTable } from '../report.js';
import { BareEngine } from './bare-engine.js';

/**
 * What checking, metering, bounding and resetting a contract costs, by tinybench: `npm run bench:rewrite`.
 *
 * The same calls run on the same kernel, on this thread, with the contract as it was compiled and with the contract as it is
 * deployed. Both take turns, block by block; the ratio is the median of the pairs'.
 */

const CALLS = 10_000;
const ACCOUNTS = 1000;
const PAIRS = 101;
const WARM_UP = 30;

function address(number: number): Uint8Array {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(28, number);
  return bytes;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] as number;
}

async function callsOf(wasm: Uint8Array<ArrayBuffer>, more: Readonly<Record<string, unknown>>) {
  const described = readInterface(await WebAssembly.compile(wasm));
  if (described === undefined) throw new Error('the contract has no interface');
  const call = (sender: number, method: string, args: Readonly<Record<string, unknown>>): Transaction => {
    const input = encodeInput(described, method, args);
    return { sender: address(sender), contract: address(0), method, input, gasLimit: 2 ** 40 };
  };
  const mints = Array.from({ length: ACCOUNTS }, (_, i) => call(0, 'mint', { to: address(i + 1), amount: 1_000_000n }));
  const transfers = Array.from({ length: CALLS }, (_, i) =>
    call(1 + ((i * 7) % ACCOUNTS), 'transfer', { to: address(1 + ((i * 13 + 5) % ACCOUNTS)), amount: 1n, ...more }),
  );
  return { mints, transfers };
}

async function compare(name: string, more: Readonly<Record<string, unknown>> = {}): Promise<string[]> {
  const wasm = new Uint8Array(readFileSync(builtContractPath(name)));
  const { mints, transfers } = await callsOf(wasm, more);
  const plain = await BareEngine.create(await WebAssembly.compile(wasm));
  const deployed = await BareEngine.create(await WebAssembly.compile(instrument(wasm)));
  for (const engine of [plain, deployed]) await engine.run(mints);
  const times: { readonly plain: number; readonly deployed: number }[] = [];
  for (let pair = -WARM_UP; pair < PAIRS; pair++) {
    const first = pair % 2 === 0 ? plain : deployed;
    const firstTime = await first.run(transfers);
    const secondTime = await (first === plain ? deployed : plain).run(transfers);
    const [plainTime, deployedTime] = first === plain ? [firstTime, secondTime] : [secondTime, firstTime];
    if (pair >= 0) times.push({ plain: plainTime / CALLS, deployed: deployedTime / CALLS });
  }
  for (const engine of [plain, deployed]) {
    if (engine.outcome(CALLS - 1).status !== 0) throw new Error(`${name}: the last transfer failed`);
  }
  return [
    `${name}.transfer${more.rounds === undefined ? '' : `, ${more.rounds} rounds`}`,
    `${median(times.map((one) => one.plain)).toFixed(0)} ns`,
    `${median(times.map((one) => one.deployed)).toFixed(0)} ns`,
    median(times.map((one) => one.deployed / one.plain)).toFixed(3),
  ];
}

/** Instances whose method has just run, so that there is something to put back; reset by their own function. */
class DirtyInstances {
  readonly #exports: WebAssembly.Exports[];

  constructor(module: WebAssembly.Module, count: number, input: Uint8Array) {
    const words = new BigUint64Array(new Uint8Array(input).buffer);
    this.#exports = Array.from({ length: count }, () => {
      let cursor = 0;
      const nothing = (): number => 0;
      const names = ['push', 'has', 'write', 'remove', 'output', 'self', 'seed', 'event', 'lookup'];
      const blockstm = {
        ...Object.fromEntries(names.map((name) => [name, nothing])),
        ...Object.fromEntries(['height', 'timestamp', 'chainId'].map((name) => [name, () => 0n])),
        ...Object.fromEntries(['revert', 'reject'].map((name) => [name, nothing])),
        read: () => -1,
        sender: nothing,
        input: () => {
          cursor = 0;
          return input.length;
        },
        take: () => words[cursor++] ?? 0n,
      };
      const worker = {
        gas: new WebAssembly.Global({ value: 'i64', mutable: true }, 1n << 62n),
        stackLeft: new WebAssembly.Global({ value: 'i32', mutable: true }, 1 << 20),
        ...Object.fromEntries(['memoryLimit', 'memoryRefused', 'grown'].map((name) => [name, nothing])),
      };
      return new WebAssembly.Instance(module, { blockstm, 'blockstm.worker': worker }).exports;
    });
  }

  call(method: string): void {
    for (const one of this.#exports) (one[method] as () => void)();
  }

  reset(): void {
    this.call(RESET_EXPORT);
  }

  get count(): number {
    return this.#exports.length;
  }
}

/** Median nanoseconds of resetting a token instance after a transfer, and of restoring a whole page from JavaScript. */
async function measureReset(): Promise<{ readonly reset: number; readonly page: number }> {
  const wasm = new Uint8Array(readFileSync(builtContractPath('token')));
  // Of nothing: the account of these imports has no funds.
  const { transfers } = await callsOf(wasm, { amount: 0n });
  const module = await WebAssembly.compile(instrument(wasm));
  const instances = new DirtyInstances(module, 16, (transfers[0] as Transaction).input);
  const page = new Uint8Array(65_536);
  const image = new Uint8Array(65_536).fill(1);
  const resets: number[] = [];
  const pages: number[] = [];
  for (let round = 0; round < 20_000; round++) {
    instances.call('transfer');
    const start = process.hrtime.bigint();
    instances.reset();
    const middle = process.hrtime.bigint();
    page.set(image);
    const end = process.hrtime.bigint();
    if (round < 5000) continue;
    resets.push(Number(middle - start) / instances.count);
    pages.push(Number(end - middle));
  }
  return { reset: median(resets), page: median(pages) };
}

const ratios = [
  await compare('token'),
  await compare('compute', { rounds: 3000 }),
  await compare('compute', { rounds: 0 }),
];
stdout.write(formatTable([['call', 'as compiled', 'as deployed', 'ratio'], ...ratios]));

const { reset, page } = await measureReset();
stdout.write(
  `\nreset of a token instance  ${reset.toFixed(0)} ns, of a whole page ${page.toFixed(0)} ns: ${(reset / page).toFixed(3)}\n`,
);

const token = new Uint8Array(readFileSync(builtContractPath('token')));
const started = performance.now();
check(token);
instrument(token);
const first = performance.now() - started;
const bench = new Bench({ time: 500, warmupTime: 200 });
bench.add('check', () => void check(token)).add('instrument', () => void instrument(token));
await bench.run();
for (const { name, result } of bench.tasks) {
  if (result.state !== 'completed') throw new Error(`${name} did not complete`);
  stdout.write(`${name} of the token  ${result.latency.p50.toFixed(2)} ms\n`);
}
stdout.write(`check and instrument, the first time in a process  ${first.toFixed(1)} ms\n`);
