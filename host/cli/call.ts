import { stdout } from 'node:process';
import { Command } from 'commander';
import { ADDRESSES } from './address-book.js';
import { CallReport } from './call-report.js';
import { describeMethods, readCall, withCall } from './call-request.js';
import { headRow } from './head-line.js';
import { timestampOption, verboseOption, wholeNumber } from './option.js';
import { formatRows } from './rows.js';
import { openChain } from './state-directory.js';

interface CallOptions {
  readonly state: string;
  readonly sender?: string;
  readonly gasLimit?: number;
  readonly input?: string;
  readonly methods?: true;
  readonly timestamp?: bigint;
  readonly json?: true;
}

const EXAMPLES = `
Integers are decimal, of any size that their type has. A bool is true or false, bytes are "0x" and hex digits, a string is as it is. Arrays and structs are JSON, in
which integers beyond 2^53 are strings; where null is a value it is null.

${ADDRESSES}

Exits with 1 if the call does not end ok. It is in the chain all the same, as a block that changed nothing.

Examples:
  $ blockstm call coin --methods --state chain
  $ blockstm call coin mint to=alice amount=100 --sender alice --state chain
  $ blockstm call coin transfer to=bob amount=30 --sender alice --state chain --gas-limit 50000 --json
`;

export function callCommand(): Command {
  return withCall(new Command('call'))
    .summary('execute a block of one call')
    .description('Execute one call as a block of its own, and show its receipt.')
    .option('--sender <account>', 'who calls')
    .option('--gas-limit <n>', 'what the call may use at most (default: 100,000,000)', wholeNumber)
    .addOption(timestampOption())
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(call);
}

/** Sets the exit code to 1 where the call does not end ok. */
async function call(contract: string, method: string | undefined, args: string[], options: CallOptions): Promise<void> {
  await using chain = await openChain(options.state, { workers: 1, executor: 'sequential' });
  if (options.methods) {
    const { interface: described, text } = describeMethods(chain, contract);
    const document = { schema: 'blockstm.methods/1', state: options.state, contract, interface: described };
    stdout.write(options.json ? `${JSON.stringify(document)}\n` : text);
    return;
  }
  const transaction = readCall(chain, { ...options, sender: options.sender, contract, method, args });
  if (options.timestamp !== undefined) chain.moveTo(options.timestamp);
  const result = await chain.execute([transaction]);
  await result.durable;
  const report = new CallReport(chain, transaction, result.receipts.get(0));
  if (options.json) report.writeJson('blockstm.call/1', options.state);
  else stdout.write(formatRows([...report.rows, ...(report.head === undefined ? [] : [headRow(report.head)])]));
  report.finish();
}
