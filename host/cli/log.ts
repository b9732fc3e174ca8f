import { stdout } from 'node:process';
import { Command } from 'commander';
import type { ChainBlock, Receipt, Transaction } from '../index.js';
import { hex } from './hex.js';
import { heightOption, refuseNoBlocks, verboseOption, wholeNumber } from './option.js';
import { printable } from './printable.js';
import { count } from './quantity.js';
import { ReceiptReader } from './receipt-reader.js';
import { formatCall, formatOutcome } from './receipt-rows.js';
import { openChain, stateOption } from './state-directory.js';
import { type Column, formatTable } from './table.js';

interface LogOptions {
  readonly state: string;
  readonly from?: bigint;
  readonly to?: bigint;
  readonly limit: number;
  readonly receipts?: true;
  readonly json?: true;
}

const LIMIT = 20;

const EXAMPLES = `
Blocks that are not kept any more, or came with a snapshot, are not shown.

Examples:
  $ blockstm log --state chain
  $ blockstm log --state chain --from 10 --to 19 --receipts
  $ blockstm log --state chain --limit 1 --json
`;

export function logCommand(): Command {
  return new Command('log')
    .summary('show blocks, newest first')
    .description('Show the blocks of a chain, newest first.')
    .addOption(stateOption())
    .addOption(heightOption('--from <height>', 'the lowest (default: the lowest that is kept)'))
    .addOption(heightOption('--to <height>', 'the highest (default: the head)'))
    .option('--limit <n>', 'how many at most', wholeNumber, LIMIT)
    .option('--receipts', 'with the receipt of every call')
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(log);
}

async function log(options: LogOptions): Promise<void> {
  await using chain = await openChain(options.state, { workers: 1 });
  const { height } = chain.runtime;
  refuseNoBlocks(options.from, options.to, height);
  const to = options.to === undefined || options.to > height ? height : options.to;
  const earliest = to - BigInt(options.limit) + 1n;
  const from = options.from === undefined || options.from < earliest ? earliest : options.from;
  const blocks: ChainBlock[] = [];
  for await (const block of chain.runtime.blocks(from < 1n ? 1n : from, to)) blocks.unshift(block);
  const reader = new ReceiptReader(chain.contracts);
  if (options.json) stdout.write(`${JSON.stringify(logDocument(blocks, reader, options))}\n`);
  else if (options.receipts) stdout.write(blocks.map((block) => formatWithReceipts(block, reader)).join('\n'));
  else stdout.write(formatBlocks(blocks, reader));
}

function logDocument(blocks: readonly ChainBlock[], reader: ReceiptReader, { state, receipts }: LogOptions): object {
  return {
    schema: 'blockstm.log/1',
    state,
    blocks: blocks.map((block) => ({
      height: String(block.header.height),
      hash: block.header.hash,
      parentHash: block.header.parentHash,
      timestamp: String(block.header.timestamp),
      chainId: String(block.header.chainId),
      calls: block.transactions.length,
      ...totals(block),
      deployments: block.deployments.map(({ address, codeHash, isUpgrade }) => ({
        contract: reader.nameOf(address),
        address: hex(address),
        codeHash,
        isUpgrade,
      })),
      ...(receipts && { receipts: receiptDocuments(block, reader) }),
    })),
  };
}

function receiptDocuments({ transactions, receipts }: ChainBlock, reader: ReceiptReader): object[] {
  return transactions.map((transaction, index) => {
    const { sender, contract, method } = transaction;
    const receipt = reader.document(receipts[index] as Receipt, transaction);
    return { sender: hex(sender), contract: reader.nameOf(contract), method, ...receipt };
  });
}

function totals({ receipts }: ChainBlock): { failed: number; gasUsed: number } {
  return {
    failed: receipts.filter(({ status }) => status !== 'ok').length,
    gasUsed: receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0),
  };
}

const BLOCK_COLUMNS: readonly Column[] = [
  { title: 'height', align: 'right' },
  { title: 'hash', align: 'left' },
  { title: 'calls', align: 'right' },
  { title: 'failed', align: 'right' },
  { title: 'gas', align: 'right' },
  { title: 'code', align: 'left' },
];

const RECEIPT_COLUMNS: readonly Column[] = [
  { title: 'index', align: 'right' },
  { title: 'call', align: 'left' },
  { title: 'status', align: 'left' },
  { title: 'gas', align: 'right' },
  { title: 'result', align: 'left' },
];

function formatBlocks(blocks: readonly ChainBlock[], reader: ReceiptReader): string {
  const rows = blocks.map((block) => {
    const { failed, gasUsed } = totals(block);
    const { height, hash } = block.header;
    const calls = block.transactions.length;
    return [String(height), hash, count(calls), count(failed), count(gasUsed), codeChanges(block, reader)];
  });
  return formatTable(BLOCK_COLUMNS, rows);
}

function formatWithReceipts(block: ChainBlock, reader: ReceiptReader): string {
  const { header, transactions, receipts } = block;
  const changes = codeChanges(block, reader);
  const heading = `block ${header.height}, ${header.hash}${changes === '' ? '' : `, ${changes}`}\n`;
  if (transactions.length === 0) return heading;
  const rows = receipts.map((receipt, index) => {
    const transaction = transactions[index] as Transaction;
    const outcome = formatOutcome(receipt, transaction, reader);
    return [String(index), formatCall(transaction, reader), receipt.status, count(receipt.gasUsed), outcome];
  });
  return `${heading}${formatTable(RECEIPT_COLUMNS, rows)}`;
}

/** `deploys coin`, `upgrades coin` */
function codeChanges({ deployments }: ChainBlock, reader: ReceiptReader): string {
  return deployments
    .map(({ address, isUpgrade }) => `${isUpgrade ? 'upgrades' : 'deploys'} ${printable(reader.nameOf(address))}`)
    .join(', ');
}
