import { readFileSync } from 'node:fs';
import { stdout } from 'node:process';
import { Bench } from 'tinybench';
import { check, instrument, type Transaction } from '../../host/index.js';
import { CONTRACT_IMPORTS } from '../../host/wasm/contract-imports.js';
import { RESET_EXPORT } from '../../host/wasm/instrument.js';
import { builtContractPath } from '../package.js';
import { formatTable } from '../report.js';
import { median } from '../statistics.js';
import { BareEngine } from './bare-engine.js';
import { CALLS, tokenCalls } from './token-calls.js';

/**
 * What checking, metering, bounding and resetting a contract costs, by tinybench: `npm run bench:rewrite`.
 *
 * The same calls run on the same kernel, on this thread, with the contract as it was compiled and with the contract as it is
 * deployed. Both take turns, block by block; the ratio is the median of the pairs'.
 */

const PAIRS = 101;
const WARM_UP = 30;

async function compare(name: string, more: Readonly<Record<string, unknown>> = {}): Promise<string[]> {
  const wasm = new Uint8Array(readFileSync(builtContractPath(name)));
  const { mints, transfers } = await tokenCalls(wasm, more);
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

/** What the contract interface gives as 64 bits. */
const WIDE_ANSWERS = ['take', 'height', 'timestamp', 'chainId', 'call'];

/** Instances whose method has just run, so that there is something to put back; reset by their own function. */
class DirtyInstances {
  readonly #exports: WebAssembly.Exports[];

  constructor(module: WebAssembly.Module, count: number, input: Uint8Array) {
    const words = new BigUint64Array(new Uint8Array(input).buffer);
    this.#exports = Array.from({ length: count }, () => {
      let cursor = 0;
      const nothing = (): number => 0;
      const answer = (name: string) => (WIDE_ANSWERS.includes(name) ? () => 0n : nothing);
      const blockstm = {
        ...Object.fromEntries([...CONTRACT_IMPORTS.keys()].map((name) => [name, answer(name)])),
        read: () => -1,
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
  const { transfers } = await tokenCalls(wasm, { amount: 0n });
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
