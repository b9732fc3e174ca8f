import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Contract, check, type Receipt, type Runtime, type Transaction } from '../../dist/host/index.js';
import { HOSTILE_CALLS } from '../support/hostile-calls.js';
import { HOSTILE_FINDINGS } from '../support/hostile-findings.js';
import type { HostileCall, HostileModule } from '../support/hostile-module.js';
import { address } from '../support/programs.js';
import { describe as describeReceipt, Runtimes } from '../support/runtimes.js';
import { textToWasm } from '../support/wasm-text.js';

const SETTINGS = [
  { executor: 'sequential', workers: 1 },
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 2 },
  { executor: 'block-stm', workers: 4 },
  { executor: 'block-stm', workers: 8 },
] as const;

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

function bytesOf({ module }: HostileModule): Uint8Array {
  return typeof module === 'string' ? textToWasm(module) : module;
}

function transaction(contract: Contract, { method, gasLimit }: HostileCall): Transaction {
  const input = new Uint8Array(0);
  return { sender: address(1), contract: contract.address, method, input, ...(gasLimit !== undefined && { gasLimit }) };
}

/** As the corpus writes it. */
function summary({ status, error, output }: Receipt): string {
  if (error !== undefined) return status === 'outOfGas' ? status : `${status} ${error.code}`;
  if (output.length === 0) return status;
  return `${status} ${new DataView(output.buffer, output.byteOffset).getBigInt64(0, true)}`;
}

describe.each(HOSTILE_CALLS)('$name', (hostile) => {
  const calls = hostile.calls ?? [];
  let wasm: Uint8Array;
  beforeAll(() => {
    wasm = bytesOf(hostile);
  });

  test('the receipts are those expected, and to the unit of gas the same under every executor', async () => {
    const seen = new Map<string, string>();
    for (const setting of SETTINGS) {
      const runtime = await runtimes.get(setting);
      const contract = await runtime.deploy(wasm);
      const { receipts } = await runtime.execute({ transactions: calls.map((one) => transaction(contract, one)) });
      expect([...receipts].map(summary)).toEqual(calls.map(({ receipt }) => receipt));
      seen.set(JSON.stringify(setting), [...receipts].map(describeReceipt).join('\n'));
    }
    expect(new Set(seen.values()).size).toBe(1);
  });

  test('a call finds nothing of those before it: each gives what it gives on a fresh instance', async () => {
    const runtime: Runtime = await runtimes.get(SETTINGS[0]);
    const contract = await runtime.deploy(wasm);
    const used = await runtime.execute({ transactions: calls.map((one) => transaction(contract, one)) });
    const fresh = calls.map(async (one, index) => {
      // A custom section makes it another code, so another instance.
      const copy = await runtime.deploy(withCustomSection(wasm, index));
      const { receipts } = await runtime.execute({ transactions: [transaction(copy, one)] });
      return receipts.get(0);
    });
    const expected = (await Promise.all(fresh)).map((receipt, index) => ({ ...receipt, index }));
    expect([...used.receipts].map(describeReceipt)).toEqual(expected.map(describeReceipt));
  });
});

function withCustomSection(wasm: Uint8Array, number: number): Uint8Array {
  return Uint8Array.from([...wasm, 0, 3, 1, 120, number]);
}

test.each(HOSTILE_FINDINGS)('$name: refused with the finding $finding', async (hostile) => {
  const wasm = bytesOf(hostile);
  const codes = check(wasm).map(({ code }) => code);
  expect(codes).toContain(hostile.finding);
  const runtime = await runtimes.get(SETTINGS[0]);
  await expect(runtime.deploy(wasm)).rejects.toMatchObject({ code: 'ERR_CHECK', findings: check(wasm) });
});
