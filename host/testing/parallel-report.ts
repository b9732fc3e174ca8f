import type { BlockStatistics } from '../index.js';
import { describeFailure } from './call-failed.js';
import type { Rehearsal } from './chain-options.js';

/** How much was tested. */
export interface ParallelReport {
  readonly seed: number;
  readonly settings: number;
  /** Calls that were generated. */
  readonly generated: number;
  /** Those of them that end `ok`. */
  readonly ok: number;
  /** Why the others do not, and how many: `reverted: insufficient balance`, the most frequent first. */
  readonly failures: readonly { readonly why: string; readonly calls: number }[];
  /** Blocks and calls that were executed in parallel, all settings together. */
  readonly blocks: number;
  readonly calls: number;
  /** Incarnations, as in `BlockStatistics`. */
  readonly executions: number;
  /** How often calls met: incarnations that were thrown away, and calls that waited for another. */
  readonly aborts: number;
  readonly dependencyWaits: number;
}

/** Counts what a check has tested. */
export class ParallelTally {
  readonly #failures = new Map<string, number>();
  readonly #counts = { generated: 0, ok: 0, blocks: 0, calls: 0, executions: 0, aborts: 0, dependencyWaits: 0 };

  /** A block that was generated, as it is one call after another. */
  addGenerated({ receipts }: Pick<Rehearsal, 'receipts'>): void {
    for (const receipt of receipts) {
      this.#counts.generated++;
      if (receipt.status === 'ok') {
        this.#counts.ok++;
        continue;
      }
      const why = describeFailure(receipt);
      this.#failures.set(why, (this.#failures.get(why) ?? 0) + 1);
    }
  }

  /** A block of so many calls that was executed in parallel. */
  addExecuted({ executions, aborts, dependencyWaits }: BlockStatistics, calls: number): void {
    const counts = this.#counts;
    counts.blocks++;
    counts.calls += calls;
    counts.executions += executions;
    counts.aborts += aborts;
    counts.dependencyWaits += dependencyWaits;
  }

  get hasMet(): boolean {
    return this.#counts.aborts + this.#counts.dependencyWaits > 0;
  }

  /** What a call that fails has written is gone: no other meets it. */
  get isAnyOk(): boolean {
    return this.#counts.ok > 0;
  }

  report(seed: number, settings: number): ParallelReport {
    const failures = [...this.#failures].map(([why, calls]) => ({ why, calls }));
    return { seed, settings, ...this.#counts, failures: failures.sort((left, right) => right.calls - left.calls) };
  }
}

/**
 * `parallel equals sequential: seed 7, 6 settings; 3,040 calls generated, 2,911 ended ok, 129 reverted: insufficient balance; executed 18,240 calls in 120 blocks, which met 803 times (791
 * aborts, 12 waits)`
 */
export function describeReport(report: ParallelReport): string {
  const { seed, settings, blocks, calls, aborts, dependencyWaits } = report;
  const met = aborts + dependencyWaits;
  return [
    `parallel equals sequential: seed ${seed}, ${counted(settings, 'setting')}`,
    describeGenerated(report),
    `executed ${counted(calls, 'call')} in ${counted(blocks, 'block')}, which ` +
      `${met === 0 ? 'never met' : `met ${counted(met, 'time')} (${counted(aborts, 'abort')}, ${counted(dependencyWaits, 'wait')})`}`,
  ].join('; ');
}

/** `3,040 calls generated, 2,911 ended ok, 120 reverted: insufficient balance, 9 failed otherwise` */
export function describeGenerated({ generated, ok, failures }: ParallelReport): string {
  const [first, ...others] = failures;
  const ended = ok === generated ? 'all ended ok' : ok === 0 ? 'none ended ok' : `${thousands(ok)} ended ok`;
  const rest = others.reduce((sum, { calls }) => sum + calls, 0);
  return [
    `${counted(generated, 'call')} generated`,
    ended,
    ...(first === undefined ? [] : [`${rest === 0 && ok === 0 ? 'all' : thousands(first.calls)} ${first.why}`]),
    ...(rest === 0 ? [] : [`${thousands(rest)} failed otherwise`]),
  ].join(', ');
}

function counted(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function thousands(count: number): string {
  return count.toLocaleString('en');
}
