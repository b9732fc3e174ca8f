import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDirectory } from '../../host/store/made-directory.js';
import { builtContractPath } from '../package.js';
import type { WorkloadCall } from '../workloads/workload.js';
import { MainnetConversion } from './conversion.js';
import { fundingCalls } from './funding.js';
import { readTransactions } from './input.js';
import { MainnetLineError } from './transaction.js';

const USAGE = `usage: npm run mainnet:convert -- <file.jsonl>... --out <dir>

Writes genesis.json and block.jsonl of all the transactions of the files, in that order, and the Wasm of the contracts
they call, ready for: blockstm run <dir>/block.jsonl --genesis <dir>/genesis.json
The files may be compressed (.jsonl.gz); bench/data/mainnet has 47 blocks.
`;

/** Chooses the accounts that get too little: every conversion of the same files is the same. */
const FUNDING_SEED = 1;

/** An input that cannot be converted; its message is all there is to say. */
class ConversionError extends Error {}

/** Write the conversion of `files` into the directory `out`, which is made where it does not exist. */
function convert(files: readonly string[], out: string): string {
  const transactions = files.flatMap((file) => read(file));
  const conversion = new MainnetConversion(transactions);
  const calls = transactions.map((transaction) => conversion.call(transaction));
  const funding = fundingCalls(calls, FUNDING_SEED);
  makeDirectory(out);
  for (const wasm of new Set(conversion.contracts.map((contract) => contract.wasm))) {
    copyFileSync(builtContractPath(wasm), join(out, `${wasm}.wasm`));
  }
  writeFileSync(join(out, 'genesis.json'), genesisText(conversion, funding));
  writeFileSync(join(out, 'block.jsonl'), calls.map((call) => `${JSON.stringify(call)}\n`).join(''));
  return `${calls.length} calls, ${funding.length} first calls, ${conversion.contracts.length} contracts`;
}

/** One contract or call a line: thousands of them are to be read and searched by people too. */
function genesisText({ contracts }: MainnetConversion, calls: readonly WorkloadCall[]): string {
  const lines = (items: readonly unknown[]): string => items.map((item) => `\n  ${JSON.stringify(item)}`).join(',');
  const listed = contracts.map(({ name, address, wasm }) => ({ name, address, wasm: `${wasm}.wasm` }));
  return `{
 "schema": "blockstm.genesis/1",
 "context": {"chainId": "1", "timestamp": "0"},
 "contracts": [${lines(listed)}
 ],
 "calls": [${lines(calls)}
 ]
}
`;
}

function read(file: string): ReturnType<typeof readTransactions> {
  try {
    return readTransactions(file);
  } catch (cause) {
    if (cause instanceof MainnetLineError) throw new ConversionError(cause.message);
    throw new ConversionError(`cannot read ${file}: ${(cause as Error).message}`);
  }
}

function readArguments(): { files: readonly string[]; out: string } {
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options: { out: { type: 'string' } } });
    if (positionals.length === 0) throw new ConversionError('no input files');
    if (values.out === undefined) throw new ConversionError('--out is missing');
    return { files: positionals, out: values.out };
  } catch (cause) {
    throw new ConversionError(`${(cause as Error).message}\n\n${USAGE}`);
  }
}

try {
  const { files, out } = readArguments();
  process.stdout.write(`${out}: ${convert(files, out)}\n`);
} catch (error) {
  if (!(error instanceof ConversionError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  process.exitCode = 1;
}
