import { basename } from 'node:path';
import { stdout } from 'node:process';
import { Command, Option } from 'commander';
import { type BlockHeader, check, type DeployedContract } from '../index.js';
import { accountDocuments, accountRows } from './account-rows.js';
import {
  ADDRESSES,
  type AddressBook,
  accountAddress,
  contractAddress,
  parseAddress,
  parseContractName,
} from './address-book.js';
import { argumentField } from './argument-field.js';
import { Chain } from './chain.js';
import { compileContract, readBytes } from './contract-code.js';
import { readFirstCall } from './first-call.js';
import { headDocument, headRow } from './head-line.js';
import { hex } from './hex.js';
import { FileError } from './json-field.js';
import { namedCode } from './named-code.js';
import { timestampOption, verboseOption } from './option.js';
import { clearProgress, showProgress } from './progress.js';
import { count } from './quantity.js';
import { formatRows } from './rows.js';
import { inStore, stateOption } from './state-directory.js';

interface DeployOptions {
  readonly state: string;
  readonly name?: string;
  readonly address?: string;
  readonly init?: readonly string[] | true;
  readonly sender?: string;
  readonly timestamp?: bigint;
  readonly json?: true;
}

const EXAMPLES = `
A contract is found by the address that is derived from its name: SHA-256 of "blockstm.contract:" and the name. With --address it has that address and
no name. A contract that is compiled here carries its names and its source map, so that failed calls show where; a .wasm is deployed as it is, but for its
name: under another one its interface and its layout say that, and the code hash is another. A deployment is a block of its own. Where there is no chain, it is the first block of a new one.

${ADDRESSES}

Examples:
  $ blockstm deploy token.ts --state chain --init owner=alice --sender alice
  $ blockstm deploy coin.ts --state chain
  $ blockstm deploy coin.wasm --state chain --name gold
  $ blockstm deploy coin.wasm --state chain --address 0x00000000000000000000000000000000000000c0 --json
`;

export function deployCommand(): Command {
  return new Command('deploy')
    .summary('deploy a contract')
    .description('Deploy a contract to the chain in a directory; begin a chain where there is none.')
    .argument('<file.wasm | entry.ts>', 'a module, or a contract in AssemblyScript, which is compiled')
    .addOption(stateOption())
    .option('--name <name>', "the contract's name (default: the file's, without its ending)")
    .addOption(new Option('--address <address>', '"0x" and 40 or 64 hex digits').conflicts('name'))
    .option('--init [name=value...]', 'arguments of its init method, which is called in the same block')
    .option('--sender <account>', 'who calls that: needed where the contract has an init method')
    .addOption(timestampOption())
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(deploy);
}

async function deploy(file: string, options: DeployOptions): Promise<void> {
  const { state, address: digits, timestamp } = options;
  const name = parseContractName(
    argumentField(options.name ?? basename(file).replace(/\.(ts|wasm)$/, ''), () => '--name'),
  );
  const address = digits === undefined ? contractAddress(name) : parseAddress(argumentField(digits, () => '--address'));
  const wasm = await codeOf(file, name, digits === undefined);
  showProgress(`deploying ${file}`);
  const deployed = await inStore(state, async (store) => {
    await using chain = await Chain.resume(store, { workers: 1 });
    if (chain.runtime.contract(address) !== undefined) throw taken(name, address, digits);
    if (digits === undefined) await refuseAccountName(chain, name);
    if (timestamp !== undefined) chain.moveTo(timestamp);
    // It is durable by then, so there is a head.
    const args = options.init === true ? [] : options.init;
    const init = readFirstCall(chain, wasm, { kind: 'init', args, sender: options.sender });
    const contract = await chain.deploy(wasm, address, init);
    return { contract, addresses: chain.addresses, head: chain.head as BlockHeader };
  });
  clearProgress();
  report(digits === undefined ? name : undefined, deployed, options);
}

/** A module of which a chain has findings stays as it is: the chain says them. */
async function codeOf(file: string, name: string, isNamed: boolean): Promise<Uint8Array> {
  if (file.endsWith('.ts')) return (await compileContract(file, { name, debug: true })).wasm;
  const wasm = await readBytes(file);
  return isNamed && check(wasm).length === 0 ? namedCode(wasm, name) : wasm;
}

function taken(name: string, address: Uint8Array, digits: string | undefined): FileError {
  if (digits !== undefined) return new FileError(`error: --address: there is a contract at ${hex(address)} already`);
  return new FileError(`error: there is a contract ${name} already: give this one another --name`);
}

interface Deployed {
  readonly contract: DeployedContract;
  readonly addresses: AddressBook;
  readonly head: BlockHeader;
}

/** A name that has been an account's would mean the contract from now on. @throws FileError naming the block. */
async function refuseAccountName({ runtime, head }: Chain, name: string): Promise<void> {
  if (head === undefined) return;
  const account = Buffer.from(accountAddress(name));
  for await (const { header, transactions } of runtime.blocks()) {
    // In an encoded argument it has its 32 bytes in one piece.
    if (!transactions.some(({ sender, input }) => account.equals(sender) || Buffer.from(input).includes(account)))
      continue;
    throw new FileError(
      `error: --name: ${name} is an account's name, in block ${header.height}: give the contract another one`,
    );
  }
}

function report(
  name: string | undefined,
  { contract: { address, codeHash, methods, receipt }, addresses, head }: Deployed,
  { state, json }: DeployOptions,
): void {
  const init = receipt && { gasUsed: receipt.gasUsed, events: receipt.events.length };
  const shown = {
    name: name ?? null,
    address: hex(address),
    codeHash,
    methods,
    init: init ?? null,
    accounts: accountDocuments(addresses),
  };
  if (json) {
    stdout.write(`${JSON.stringify({ schema: 'blockstm.deploy/1', state, ...shown, head: headDocument(head) })}\n`);
    return;
  }
  const rows = formatRows([
    ...(name === undefined ? [] : [['contract', name] as const]),
    ['address', shown.address],
    ['code hash', codeHash],
    ...(receipt === undefined ? [] : [['init', `ok, ${count(receipt.gasUsed)} gas`] as const]),
    ...accountRows(addresses),
    headRow(headDocument(head)),
  ]);
  stdout.write(rows);
}
