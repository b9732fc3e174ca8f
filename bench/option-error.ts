import { MisuseError } from '../host/index.js';
import { optionName } from './option-name.js';

/** Options cannot be what they were given as. Code: `ERR_OPTION`. The message begins with their names: `params.hotRatio: expected a number from 0 to 1, found 1.5`. */
export class OptionError extends MisuseError {
  /** As they are among the options: `params.hotRatio`. */
  readonly options: readonly string[];
  /** Without their names. */
  readonly problem: string;

  constructor(options: readonly string[], problem: string, cause?: unknown) {
    super('ERR_OPTION', `${options.join(', ')}: ${problem}`, { cause });
    this.options = options;
    this.problem = problem;
  }

  /** The message with the names that the command line has: `--hot-ratio: …`. */
  get commandMessage(): string {
    const names = this.options.map((option) => `--${optionName(option.replace(/^params\./, ''))}`);
    return `${names.join(', ')}: ${this.problem}`;
  }
}
