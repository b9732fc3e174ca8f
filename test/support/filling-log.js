/**
 * Appends a run to the log of a sweep until it cannot, and tells how many lines the log then has and what the error was, as JSON.
 *
 *   node filling-log.js '{"directory": "...", "run": {...}}'
 */

import { join } from 'node:path';
import { RunLog, readRuns } from '../../dist/bench/sweep/run-log.js';

const { directory, run } = JSON.parse(process.argv[2]);
const path = join(directory, 'runs.jsonl');
const { records, bytes } = readRuns(path);
let appended = records.length;
let error;
try {
  const log = new RunLog(path, bytes);
  for (;;) {
    log.append(run);
    appended++;
  }
} catch ({ name, code, message }) {
  error = { name, code, message };
}
process.stdout.write(JSON.stringify({ appended, error }));
