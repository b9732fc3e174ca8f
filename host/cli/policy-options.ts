import { type Command, Option } from 'commander';
import { type Policy, resolvePolicy } from '../index.js';
import { onOrOff, wholeNumber } from './option.js';

/** Those of `Policy`, where they are given. */
export type PolicyOptions = Readonly<Partial<Policy>>;

/** An option for each policy. */
export function addPolicyOptions(command: Command): Command {
  const policy = resolvePolicy({});
  return command
    .addOption(
      new Option('--validate <how>', `what a read must find again (default: ${policy.validate})`).choices([
        'version',
        'value',
      ]),
    )
    .option('--grain <n>', `calls claimed together: a number, or auto (default: ${policy.grain})`, grain)
    .option('--estimates <on|off>', `mark what aborted calls wrote (default: ${text(policy.estimates)})`, onOrOff)
    .addOption(
      new Option('--suspend <how>', `what a call does that reads such a mark (default: ${policy.suspend})`).choices([
        'park',
        'abort',
      ]),
    )
    .option('--deltas <on|off>', `add to counters without reading them (default: ${text(policy.deltas)})`, onOrOff);
}

/** What was asked for with them. */
export function policyOf(options: PolicyOptions): Partial<Policy> {
  const names = Object.keys(resolvePolicy({})) as (keyof Policy)[];
  return Object.fromEntries(names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]));
}

function grain(text: string): 'auto' | number {
  return text === 'auto' ? text : wholeNumber(text);
}

function text(flag: boolean): string {
  return flag ? 'on' : 'off';
}
