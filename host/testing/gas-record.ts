import { appendFileSync } from 'node:fs';
import type { BlockStatistics, DeployedContract } from '../index.js';
import type { CallReceipt } from './call-receipt.js';
import type { FirstCallKind } from './first-call.js';

/** Names the file that the gas of a run's calls is appended to. */
const FILE_VARIABLE = 'BLOCKSTM_GAS_FILE';

/** What the calls of a chain used, for `blockstm gas`: lines of JSON, appended to a file when the chain is closed. */
export class GasRecord {
  readonly #file: string;
  readonly #lines: string[] = [];

  constructor(file: string) {
    this.#file = file;
  }

  /** Undefined where nobody wants one. */
  static fromEnvironment(): GasRecord | undefined {
    const file = process.env[FILE_VARIABLE];
    return file === undefined || file === '' ? undefined : new GasRecord(file);
  }

  add(receipts: readonly CallReceipt[], { aborts }: Pick<BlockStatistics, 'aborts'>): void {
    for (const { call, gasUsed: gas, status } of receipts) {
      this.#write({ kind: 'call', contract: call.contract.name, method: call.method, status, gas });
    }
    this.#write({ kind: 'block', calls: receipts.length, aborts });
  }

  /** The call that new code began with, if it has one, in a block of its own. */
  addFirst(contract: string, kind: FirstCallKind, { interface: described, receipt }: DeployedContract): void {
    const method = described?.methods.find((each) => each.kind === kind);
    if (method === undefined || receipt === undefined) return;
    const { status, gasUsed: gas } = receipt;
    this.#write({ kind: 'call', contract, method: method.name, status, gas });
    this.#write({ kind: 'block', calls: 1, aborts: 0 });
  }

  /** In one piece: tests that run side by side append to the same file. */
  save(): void {
    if (this.#lines.length > 0) appendFileSync(this.#file, this.#lines.splice(0).join(''));
  }

  #write(line: object): void {
    this.#lines.push(`${JSON.stringify(line)}\n`);
  }
}
