import type { ExecutedBlock } from '../engine/executed-block.js';

/** What a runtime has done since it was created: see `Metrics`. */
export class Tally {
  blocks = 0;
  rejectedBlocks = 0;
  calls = 0;
  failedCalls = 0;
  executions = 0;
  aborts = 0;
  gasUsed = 0;
  executionMs = 0;
  views = 0;
  stateBytes = 0;

  add({ layout, transactions, executions, aborts, gasUsed, wallMs, stateBytes }: ExecutedBlock): void {
    const size = 1 << layout.shift;
    this.blocks++;
    this.calls += transactions.byteLength / size;
    for (let at = layout.status; at < transactions.byteLength; at += size) {
      if (transactions.getUint32(at, true) !== 0) this.failedCalls++;
    }
    this.executions += executions;
    this.aborts += aborts;
    this.gasUsed += gasUsed;
    this.executionMs += wallMs;
    this.stateBytes = stateBytes;
  }
}
