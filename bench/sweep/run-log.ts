import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BenchmarkReport } from '../result.js';
import { syncDirectory } from './durable-file.js';
import { fileError, SweepError } from './errors.js';
import { failureProblem, type LineProblem, runProblem } from './run-schema.js';
import type { SessionRecord } from './session.js';

/** A finished run: a line of `runs.jsonl`. */
export interface RunRecord {
  readonly schema: 'blockstm.sweep-run/1';
  /** See `sweepCellName`. */
  readonly cell: string;
  readonly seed: number;
  /** From 0. */
  readonly repeat: number;
  /** When it was finished, by ISO 8601. */
  readonly finished: string;
  /** What it took, the start of its process included. */
  readonly seconds: number;
  readonly report: BenchmarkReport;
}

/** A run that could not be measured, and why: a line of `failures.jsonl`. */
export interface FailureRecord {
  readonly schema: 'blockstm.sweep-failure/1';
  readonly cell: string;
  readonly seed: number;
  readonly repeat: number;
  /** When it failed, by ISO 8601. */
  readonly failed: string;
  /** Of the error: `ERR_CAPACITY`. */
  readonly code: string;
  readonly message: string;
}

/** What a log has: each line that is ended. What stands after the last one was being written when its writer died. */
export interface LogContent<Kind> {
  readonly records: Kind[];
  /** Of whole lines. */
  readonly bytes: number;
}

/** @throws SweepError naming the line and the field where one is no run: a summary or a figure of it would be wrong, and nobody would see that. */
export function readRuns(path: string): LogContent<RunRecord> {
  return readLog(path, 'blockstm.sweep-run/1', 'a run of a sweep', runProblem);
}

/** @throws SweepError as `readRuns`. */
export function readFailures(path: string): LogContent<FailureRecord> {
  return readLog(path, 'blockstm.sweep-failure/1', 'a failed run of a sweep', failureProblem);
}

export function readSessions(path: string): LogContent<SessionRecord> {
  return readLog(path, 'blockstm.sweep-session/1', 'a session of a sweep');
}

function readLog<Kind extends { readonly schema: string }>(
  path: string,
  schema: Kind['schema'],
  what: string,
  problemOf: LineProblem = () => undefined,
): LogContent<Kind> {
  if (!existsSync(path)) return { records: [], bytes: 0 };
  const content = read(path);
  const bytes = content.lastIndexOf(0x0a) + 1;
  const lines = content.subarray(0, bytes).toString('utf8').split('\n').slice(0, -1);
  const parse = (line: string, place: string): Kind => {
    let record: Kind | null;
    try {
      record = JSON.parse(line) as Kind | null;
    } catch (error) {
      throw new SweepError('ERR_SWEEP', `${place}: not ${what}: ${(error as Error).message}`, error);
    }
    if (record?.schema !== schema)
      throw new SweepError('ERR_SWEEP', `${place}: not ${what}: expected the schema "${schema}"`);
    const problem = problemOf(record);
    if (problem !== undefined) throw new SweepError('ERR_SWEEP', `${place}: not ${what}: ${problem}`);
    return record;
  };
  return { records: lines.map((line, index) => parse(line, `${path}:${index + 1}`)), bytes };
}

/** Appends records to a log, each of which is durable when `append` returns. */
export class RunLog {
  readonly #path: string;
  readonly #file: number;
  /** Where the last whole line ends. */
  #bytes: number;

  /** @param bytes what of it is whole lines, see `readRuns`; the rest is cut off. */
  constructor(path: string, bytes: number) {
    this.#path = path;
    this.#bytes = bytes;
    try {
      // Not to append: what comes next belongs behind the last whole line, wherever a failed write has left the end.
      this.#file = openSync(path, existsSync(path) ? 'r+' : 'w');
      ftruncateSync(this.#file, bytes);
      fsyncSync(this.#file);
      syncDirectory(dirname(path));
    } catch (error) {
      throw fileError(error, `cannot write ${path}`);
    }
  }

  /** @throws SweepError; then the log has what it had. */
  append(record: RunRecord | FailureRecord | SessionRecord): void {
    const line = Buffer.from(`${JSON.stringify(record)}\n`);
    try {
      for (let written = 0; written < line.length; ) {
        written += writeSync(this.#file, line, written, line.length - written, this.#bytes + written);
      }
      fsyncSync(this.#file);
    } catch (error) {
      this.#takeBack();
      throw fileError(error, `cannot write ${this.#path}`);
    }
    this.#bytes += line.length;
  }

  close(): void {
    closeSync(this.#file);
  }

  /** A part of a line, which whoever reads would pass over, is cut off where that can be done. */
  #takeBack(): void {
    try {
      ftruncateSync(this.#file, this.#bytes);
    } catch {
      // What comes next overwrites it.
    }
  }
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw fileError(error, `cannot read ${path}`);
  }
}
