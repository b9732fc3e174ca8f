import { pathText, type ValuePath } from '../../host/contract/value-path.js';
import { BlockStmError, MisuseError } from '../../host/index.js';

/** One thing in a spec that is not as it has to be. */
export interface SpecProblem {
  readonly path: ValuePath;
  /** Whether it is the value at the path that is wrong, or the name that the path ends with. */
  readonly part: 'value' | 'name';
  /** Without the path, for whoever can show the place itself. */
  readonly message: string;
}

/** Further problems are not kept: who made so many made one of them over and over. */
const PROBLEMS_MAX = 100;

/** What fields of a spec note: with one more than are kept it is known that there are more. */
export const PROBLEMS_NOTED_MAX = PROBLEMS_MAX + 1;

/** A spec is not as it has to be. Code: `ERR_SPEC`. The message has a line for each problem, which begins with the path: `workloads[0].params.accounts: …`. */
export class SpecError extends MisuseError {
  /** In the order in which they were found, the first hundred. */
  readonly problems: readonly SpecProblem[];
  /** Whether there are more than these. */
  readonly isCutOff: boolean;

  constructor(noted: readonly SpecProblem[]) {
    const problems = noted.slice(0, PROBLEMS_MAX);
    super(
      'ERR_SPEC',
      problems.map(({ path, message }) => `${path.length === 0 ? 'the spec' : pathText(path)}: ${message}`).join('\n'),
    );
    this.problems = problems;
    this.isCutOff = noted.length > PROBLEMS_MAX;
  }
}

export type SweepErrorCode = 'ERR_SWEEP' | 'ERR_SWEEP_FULL' | 'ERR_SWEEP_OTHER' | 'ERR_SWEEP_BUSY';

/**
 * A sweep cannot be begun, gone on with or read, or a block of one not be exported. Every run that is in the log of the directory stays there.
 * Codes: `ERR_SWEEP` (a file cannot be read or written, or is not one of a sweep), `ERR_SWEEP_FULL` (the disk is full),
 * `ERR_SWEEP_OTHER` (the directory has a sweep of another spec, machine or build, another block or other files), `ERR_SWEEP_BUSY` (another process is at it).
 */
export class SweepError extends BlockStmError {
  declare readonly code: SweepErrorCode;

  constructor(code: SweepErrorCode, message: string, cause?: unknown) {
    super(code, message, cause === undefined ? undefined : { cause });
  }
}

/** What a failed operation on a file of a sweep is: a full disk is told apart, since room can be made. */
export function fileError(error: unknown, what: string): SweepError {
  if (error instanceof SweepError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new SweepError('ERR_SWEEP_FULL', `${what}: the disk is full`, error);
  if (code === 'EFBIG') return new SweepError('ERR_SWEEP_FULL', `${what}: files must not be larger here`, error);
  return new SweepError('ERR_SWEEP', `${what}: ${message}`, error);
}
