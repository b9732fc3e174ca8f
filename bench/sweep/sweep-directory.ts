import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../host/store/made-directory.js';
import type { Progress } from '../runner.js';
import { type DifferentRun, readMismatch, type SweepMismatch, saveCounterExample } from './counter-example.js';
import { DirectoryLock } from './directory-lock.js';
import { removeDrafts, replaceFile } from './durable-file.js';
import { fileError, SweepError } from './errors.js';
import { newManifest, readManifest, refuseOther, refuseOtherBlocks, type SweepManifest } from './manifest.js';
import { plannedCount, runKey } from './plan.js';
import { type FailureRecord, RunLog, type RunRecord, readFailures, readRuns, readSessions } from './run-log.js';
import { formatRunsCsv } from './runs-csv.js';
import { newSession } from './session.js';
import type { Sweep } from './spec.js';
import { type SweepRecords, type SweepSummary, summarizeSweep } from './summary.js';
import { sweepCellName } from './sweep-cell.js';

const MANIFEST = 'manifest.json';
const RUNS = 'runs.jsonl';
const FAILURES = 'failures.jsonl';
const SESSIONS = 'sessions.jsonl';

/** @throws SweepError where the directory has no sweep, or a file of it is damaged. */
export function readSweep(directory: string): SweepRecords {
  const manifest = readManifest(join(directory, MANIFEST));
  if (manifest === undefined) {
    const reason = existsSync(directory) ? `it has no ${MANIFEST}` : 'it does not exist';
    throw new SweepError('ERR_SWEEP', `${directory} has no sweep: ${reason}`);
  }
  return readRecords(directory, manifest);
}

/** What a directory has of this sweep: what is finished, and the run that ended it. */
export type SweptSoFar = Pick<SweepRecords, 'runs' | 'mismatch'>;

/** Nothing where a directory has nothing yet. @throws SweepError as `SweepDirectory.open`, and nothing is written. */
export function sweptSoFar(directory: string, sweep: Sweep): SweptSoFar {
  if (!existsSync(join(directory, MANIFEST))) {
    if (existsSync(directory)) refuseOtherFiles(directory);
    return { runs: [], mismatch: null };
  }
  const { manifest, runs, mismatch } = readSweep(directory);
  refuseOther(manifest, sweep, directory);
  return { runs, mismatch };
}

/** The directory of a sweep that is being run, by this process alone. */
export class SweepDirectory implements Disposable {
  readonly path: string;
  readonly manifest: SweepManifest;
  readonly #lock: DirectoryLock;
  readonly #log: RunLog;
  readonly #failureLog: RunLog;
  readonly #runs: RunRecord[];
  readonly #failures: FailureRecord[];
  #mismatch: SweepMismatch | null;

  private constructor(path: string, { manifest, runs, failures, mismatch }: SweepRecords, lock: DirectoryLock) {
    this.path = path;
    this.manifest = manifest;
    this.#lock = lock;
    this.#log = new RunLog(join(path, RUNS), readRuns(join(path, RUNS)).bytes);
    this.#failureLog = new RunLog(join(path, FAILURES), readFailures(join(path, FAILURES)).bytes);
    this.#runs = [...runs];
    this.#failures = [...failures];
    this.#mismatch = mismatch;
  }

  /**
   * The directory of this sweep: with the runs that it has, or a new one.
   * @throws SweepError where it has something else.
   */
  static async open(path: string, sweep: Sweep, progress: Progress, signal?: AbortSignal): Promise<SweepDirectory> {
    try {
      makeDirectory(path);
    } catch (error) {
      throw fileError(error, `cannot make ${path}`);
    }
    const lock = DirectoryLock.take(path);
    try {
      removeDrafts(path);
      const begun = readManifest(join(path, MANIFEST));
      const manifest = begun ?? (await begin(path, sweep, progress, signal));
      refuseOther(manifest, sweep, path);
      const records = readRecords(path, manifest);
      const goesOn = records.mismatch === null && records.runs.length < plannedCount(sweep);
      if (begun !== undefined && goesOn) await refuseOtherBlocks(begun, path, progress, signal);
      if (goesOn) beginSession(path, records.runs.length);
      return new SweepDirectory(path, records, lock);
    } catch (error) {
      lock[Symbol.dispose]();
      throw error;
    }
  }

  get mismatch(): SweepMismatch | null {
    return this.#mismatch;
  }

  get runs(): readonly RunRecord[] {
    return this.#runs;
  }

  /** Keep a finished run: it is on the disk when this returns. @throws SweepError */
  add(run: RunRecord): void {
    this.#log.append(run);
    this.#runs.push(run);
  }

  /** Keep why a run could not be measured. It counts until the run is finished. @throws SweepError */
  addFailure(failure: FailureRecord): void {
    this.#failureLog.append(failure);
    this.#failures.push(failure);
  }

  /** Keep what it takes to look into a run that is wrong, for good: it is no measurement, and the sweep does not go on. @throws SweepError */
  async addMismatch(different: DifferentRun): Promise<void> {
    this.#mismatch = await saveCounterExample(this.path, different, this.manifest.sweep);
  }

  /** Write what the runs give: `summary.json` and `runs.csv`. @throws SweepError */
  summarize(): SweepSummary {
    const { manifest } = this;
    const summary = summarizeSweep({ manifest, runs: this.#runs, failures: this.#failures, mismatch: this.#mismatch });
    replaceFile(join(this.path, 'summary.json'), `${JSON.stringify(summary, undefined, 2)}\n`);
    replaceFile(join(this.path, 'runs.csv'), formatRunsCsv(manifest, this.#runs));
    return summary;
  }

  [Symbol.dispose](): void {
    this.#log.close();
    this.#failureLog.close();
    this.#lock[Symbol.dispose]();
  }
}

/** @throws SweepError where there is something already. */
async function begin(path: string, sweep: Sweep, progress: Progress, signal?: AbortSignal): Promise<SweepManifest> {
  refuseOtherFiles(path);
  const manifest = await newManifest(sweep, progress, signal);
  replaceFile(join(path, MANIFEST), `${JSON.stringify(manifest, undefined, 2)}\n`);
  return manifest;
}

/** @throws SweepError where a directory without a manifest has something. */
function refuseOtherFiles(path: string): void {
  // What begins with a dot is a claim, or was being written when its writer died.
  const [other] = readdirSync(path).filter((name) => !name.startsWith('.'));
  if (other !== undefined) {
    throw new SweepError(
      'ERR_SWEEP_OTHER',
      `${path} has no sweep but other files (${other}): choose another directory`,
    );
  }
}

/** Who measures from here on, and where: on the disk before the first run is. @throws SweepError */
function beginSession(path: string, finishedRuns: number): void {
  const file = join(path, SESSIONS);
  const log = new RunLog(file, readSessions(file).bytes);
  try {
    log.append(newSession(finishedRuns));
  } finally {
    log.close();
  }
}

function readRecords(directory: string, manifest: SweepManifest): SweepRecords {
  return {
    manifest,
    sessions: readSessions(join(directory, SESSIONS)).records,
    runs: known(manifest, readRuns(join(directory, RUNS)).records, directory),
    failures: readFailures(join(directory, FAILURES)).records,
    mismatch: readMismatch(directory),
  };
}

/** @throws SweepError for a run that the sweep has not, or has twice. */
function known({ sweep }: SweepManifest, runs: RunRecord[], directory: string): RunRecord[] {
  const cells = new Set(sweep.cells.map(sweepCellName));
  const seen = new Set<string>();
  for (const [index, { cell, seed, repeat }] of runs.entries()) {
    const place = `${join(directory, RUNS)}:${index + 1}`;
    const isPlanned = cells.has(cell) && sweep.seeds.includes(seed) && repeat >= 0 && repeat < sweep.repeats;
    if (!isPlanned)
      throw new SweepError('ERR_SWEEP', `${place}: the sweep has no run ${repeat} of "${cell}", seed ${seed}`);
    const key = runKey({ name: cell, seed, repeat });
    if (seen.has(key))
      throw new SweepError('ERR_SWEEP', `${place}: run ${repeat} of "${cell}", seed ${seed}, stands here twice`);
    seen.add(key);
  }
  return runs;
}
