import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { BenchmarkReport } from '../result.js';
import { syncDirectory } from './durable-file.js';
import { fileError, SweepError } from './errors.js';

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

/** The runs of a log: each line that is ended. What stands after the last one was being written when its writer died. */
export function readRuns(path: string): { readonly runs: RunRecord[]; readonly bytes: number } {
  if (!existsSync(path)) return { runs: [], bytes: 0 };
  const content = read(path);
  const bytes = content.lastIndexOf(0x0a) + 1;
  const lines = content.subarray(0, bytes).toString('utf8').split('\n').slice(0, -1);
  return { runs: lines.map((line, index) => parse(line, `${path}:${index + 1}`)), bytes };
}

/** Appends finished runs to a log, each of which is durable when `append` returns. */
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
  append(record: RunRecord): void {
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

function parse(line: string, place: string): RunRecord {
  try {
    const record = JSON.parse(line) as RunRecord;
    if (record.schema === 'blockstm.sweep-run/1') return record;
  } catch (error) {
    throw new SweepError('ERR_SWEEP', `${place}: not a run of a sweep: ${(error as Error).message}`, error);
  }
  throw new SweepError('ERR_SWEEP', `${place}: not a run of a sweep: expected the schema "blockstm.sweep-run/1"`);
}
