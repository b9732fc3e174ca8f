import { stdout } from 'node:process';
import { Command } from 'commander';
import { ADDRESSES, NOBODY } from './address-book.js';
import { CallReport } from './call-report.js';
import { describeMethods, readCall, withCall } from './call-request.js';
import { verboseOption } from './option.js';
import { openChain } from './state-directory.js';

interface ViewOptions {
  readonly state: string;
  readonly sender?: string;
  readonly input?: string;
  readonly methods?: true;
  readonly json?: true;
}

const EXAMPLES = `
${ADDRESSES}

Other arguments are given as to blockstm call. What the call writes is dropped, and no block is made. Where it gives nothing back, a line says so.

Exits with 1 if the call does not end ok.

Examples:
  $ blockstm view coin --methods --state chain
  $ blockstm view coin balanceOf owner=bob --state chain
  $ blockstm view coin transfer to=bob amount=30 --sender alice --state chain --json
`;

export function viewCommand(): Command {
  return withCall(new Command('view'))
    .summary('call without a block, and print the result')
    .description('Call on the state after the last block, print what the call gives back, and drop what it writes.')
    .option('--sender <account>', 'who calls (default: the address of all zeros)')
    .option('--json', 'print one JSON document, with the receipt')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(view);
}

/** Sets the exit code to 1 where the call does not end ok. */
async function view(contract: string, method: string | undefined, args: string[], options: ViewOptions): Promise<void> {
  await using chain = await openChain(options.state, { workers: 1, executor: 'sequential' });
  if (options.methods) {
    const { interface: described, text } = describeMethods(chain, contract);
    const document = { schema: 'blockstm.methods/1', state: options.state, contract, interface: described };
    stdout.write(options.json ? `${JSON.stringify(document)}\n` : text);
    return;
  }
  const transaction = readCall(chain, { ...options, sender: options.sender ?? NOBODY, contract, method, args });
  const report = new CallReport(chain, transaction, await chain.runtime.view(transaction));
  if (options.json) report.writeJson('blockstm.view/1', options.state);
  else if (report.isOk) stdout.write(`${report.outcome === '' ? nothingGiven(report) : report.outcome}\n`);
  report.finish(options.json ? [] : report.place);
}

function nothingGiven({ isView, call }: CallReport): string {
  const dropped = isView ? '' : ', and what it wrote was dropped: blockstm call makes a block of it';
  return `ok: ${call} gives nothing back${dropped}`;
}
