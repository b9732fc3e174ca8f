import { MisuseError } from '../host/index.js';
import { optionName } from './option-name.js';

/** Writes the name of an option. */
export type OptionSpelling = (option: string) => string;

/** Options cannot be what they were given as. Code: `ERR_OPTION`. The message begins with their names: `params.hotRatio: expected a number from 0 to 1, found 1.5`. */
export class OptionError extends MisuseError {
  /** As they are among the options: `params.hotRatio`. */
  readonly options: readonly string[];
  /** Without their names. */
  readonly problem: string;
  /** The message with the names that the command line has: `--hot-ratio: …`. */
  readonly commandMessage: string;

  /** @param problem a function where other options are in it. */
  constructor(options: readonly string[], problem: string | ((spell: OptionSpelling) => string), cause?: unknown) {
    const says = typeof problem === 'string' ? () => problem : problem;
    const message = (spell: OptionSpelling): string => `${options.map(spell).join(', ')}: ${says(spell)}`;
    super('ERR_OPTION', message(asItIs), cause === undefined ? undefined : { cause });
    this.options = options;
    this.problem = says(asItIs);
    this.commandMessage = message(onCommandLine);
  }
}

function asItIs(option: string): string {
  return option;
}

/** Parameters of a workload are options there, and each of several workloads is one `--workload`. */
function onCommandLine(option: string): string {
  const name = option.replace(/^params\./, '');
  return `--${name === 'workloads' ? 'workload' : optionName(name)}`;
}
