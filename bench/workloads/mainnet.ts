import { MainnetConversion } from '../mainnet/conversion.js';
import { fundingCalls } from '../mainnet/funding.js';
import { bundledBlocks, readBundledBlocks } from '../mainnet/input.js';
import type { MainnetTransaction } from '../mainnet/transaction.js';
import type { Workload, WorkloadCall, WorkloadDefinition } from './workload.js';

export interface MainnetParameters {
  /** At least one; taken as one long list, over and over. */
  readonly transactions: readonly MainnetTransaction[];
  readonly blockSize: number;
}

/**
 * Real transactions, cut into blocks: block 0 is the first `blockSize` of them, block 1 those after, and from the end on
 * to the start again. The accounts of each block are new ones (its index is put into the unused upper bytes of their
 * addresses), so that a block that comes round again meets the funds and does the work that it did the first time.
 */
export function mainnet(parameters: MainnetParameters, seed: number): Workload {
  const { transactions, blockSize } = parameters;
  const conversion = new MainnetConversion(transactions);
  const block = (index: number): readonly WorkloadCall[] =>
    Array.from({ length: blockSize }, (_, position) => {
      const transaction = transactions[(index * blockSize + position) % transactions.length];
      return withOwnAccounts(conversion.call(transaction as MainnetTransaction), index);
    });
  return {
    name: 'mainnet',
    // What the transactions are is no parameter: nobody can give them.
    params: {},
    blockSize,
    // Two balances and two digests a call, funding among them, and a few of each contract's own.
    locations: (blocks) => 4 * blockSize * blocks + 16 * conversion.contracts.length,
    contracts: conversion.contracts,
    preparation: (index) => fundingCalls(block(index), seed),
    block,
    plainTransfers: false,
  };
}

function withOwnAccounts(call: WorkloadCall, index: number): WorkloadCall {
  const { sender, args } = call;
  if (args.to === undefined) return { ...call, sender: ownAccount(sender, index) };
  return { ...call, sender: ownAccount(sender, index), args: { ...args, to: ownAccount(args.to as string, index) } };
}

/** The first 12 of an address's 32 bytes are free in a mainnet address; the block's index goes into the lowest of them. */
function ownAccount(address: string, index: number): string {
  return `0x${index.toString(16).padStart(24, '0')}${address.slice(2)}`;
}

export const mainnetDefinition: WorkloadDefinition<Pick<MainnetParameters, 'blockSize'>> = {
  name: 'mainnet',
  description:
    '15,904 transactions of 47 Ethereum blocks, over and over, as calls of ledger, token and registry contracts',
  parameters: {},
  build: ({ blockSize }, seed) => mainnet({ transactions: readBundledBlocks(bundledBlocks()), blockSize }, seed),
};
