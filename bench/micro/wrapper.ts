import { stdout } from 'node:process';
import { loadCompiler } from '../../host/contract/assemblyscript.js';
import { compile } from '../../host/contract/compile.js';
import type { Parser } from '../../host/contract/syntax.js';
import { InvariantError, instrument } from '../../host/index.js';
import { packagePath } from '../package.js';
import { bootstrapMedian, median } from '../statistics.js';
import { BareEngine } from './bare-engine.js';
import { tokenCalls } from './token-calls.js';

/**
 * What the generated code around a method costs, which decodes its arguments and encodes its result: `npm run bench:wrapper`.
 *
 * The token as it is compiled, against the same token whose `transfer` is wrapped by hand: words taken and pushed, and nothing checked but the length. Both execute the same blocks of transfers on the
 * kernel's sequential steps, on this thread, in turns; the difference is the median of the rounds', with its 95% interval.
 */

/** Calls of a block: some hundred microseconds, in which a busy machine seldom interrupts. */
const CALLS = 500;
const ROUNDS = 1001;
const WARM_UP = 100;
const SEED = 1;
/** What the difference is meant to be at most, in nanoseconds. */
const AIM = 30;

const TOKEN = packagePath('assembly', 'contracts', 'token.ts');

/** The wrapper as the compiler writes it. */
const GENERATED = /^export function transfer\(\): void \{\n(?: {2}.*\n)*\}$/m;

/** As somebody writes it who knows the words. */
const BY_HAND = `export function transfer(): void {
  $method.enter();
  if ($abi.input() != 40) $abi.reject(0);
  const word0 = $abi.take();
  const word1 = $abi.take();
  const word2 = $abi.take();
  const word3 = $abi.take();
  const amount = $abi.take();
  const moved = $contract.transfer(new $Address(word0, word1, word2, word3), amount);
  $abi.push(moved ? 1 : 0);
  $abi.output(8);
}`;

const IMPORTS = 'import { Address as $Address } from "blockstm/assembly/address";\n';

/** The token, with its own wrapper of `transfer` and with the one above, which the compiler is handed in place of its own. */
async function compileBoth(): Promise<readonly [generated: Uint8Array<ArrayBuffer>, byHand: Uint8Array<ArrayBuffer>]> {
  const generated = await compile(TOKEN);
  const { syntax } = await loadCompiler();
  const parser = syntax.Parser.prototype as Parser;
  const { parseFile } = parser;
  let isReplaced = false;
  parser.parseFile = function (this: Parser, text, path, isEntry) {
    const isWrappers = isEntry && text !== null && GENERATED.test(text);
    isReplaced ||= isWrappers;
    parseFile.call(this, isWrappers ? IMPORTS + text.replace(GENERATED, BY_HAND) : text, path, isEntry);
  };
  try {
    const byHand = await compile(TOKEN);
    if (!isReplaced) throw new InvariantError('the compiler writes wrappers that this benchmark does not know');
    return [Uint8Array.from(generated.wasm), Uint8Array.from(byHand.wasm)];
  } finally {
    parser.parseFile = parseFile;
  }
}

async function start(wasm: Uint8Array<ArrayBuffer>): Promise<BareEngine> {
  const engine = await BareEngine.create(await WebAssembly.compile(instrument(wasm)));
  const { mints } = await tokenCalls(wasm);
  await engine.run(mints);
  return engine;
}

const [generatedWasm, byHandWasm] = await compileBoth();
const transfers = (await tokenCalls(generatedWasm)).transfers.slice(0, CALLS);
const [generated, byHand] = [await start(generatedWasm), await start(byHandWasm)];
const times = { generated: [] as number[], byHand: [] as number[] };
for (let round = -WARM_UP; round < ROUNDS; round++) {
  // Each goes first once: who comes second finds the kernel's code in the caches.
  const before = await generated.run(transfers);
  const byHandTime = (await byHand.run(transfers)) + (await byHand.run(transfers));
  const generatedTime = before + (await generated.run(transfers));
  if (round < 0) continue;
  times.generated.push(generatedTime / (2 * CALLS));
  times.byHand.push(byHandTime / (2 * CALLS));
}
const [outcome, other] = [generated.outcome(CALLS - 1), byHand.outcome(CALLS - 1)];
if (outcome.status !== 0 || other.status !== 0) throw new InvariantError('the last transfer failed');
const differences = times.generated.map((ns, index) => ns - (times.byHand[index] as number));
const { median: ns, low, high } = bootstrapMedian(differences, SEED);
stdout.write(`token.transfer, generated wrapper    ${median(times.generated).toFixed(1)} ns, ${outcome.gasUsed} gas
token.transfer, words by hand        ${median(times.byHand).toFixed(1)} ns, ${other.gasUsed} gas
the generated wrapper adds           ${ns.toFixed(1)} ns a call (95% interval ${low.toFixed(1)} to ${high.toFixed(1)}; aimed at: at most ${AIM})
`);
