import type { Exploration } from '../explore/index.js';
import { count, plural } from './quantity.js';

/** How it was searched, and where a schedule that fails was written to. */
export interface Searching {
  readonly random: number | undefined;
  readonly preemptions: number | undefined;
  readonly out: string;
  readonly seconds: number;
}

/** Above it a number is one of magnitude. */
const IN_FULL_MAX = 1e6;

/** What an exploration has found, as a person reads it. */
export function explorationText(result: Exploration, { random, preemptions, out, seconds }: Searching): string {
  const { failure, isExhausted, schedules, states, steps, ends, longest, words } = result;
  const took = `${plural(steps, 'step')}, ${seconds.toFixed(1)} s`;
  if (failure !== undefined) {
    // What is drawn before a search keeps no states.
    const after = states === 0 ? plural(schedules ?? 0, 'schedule') : plural(states, 'state');
    return `found after ${after}, ${took}\nFAILED: ${failure.message}\nthe schedule is in ${out}: blockstm explore --replay ${out}\n`;
  }
  const met = `${plural(ends, 'end')}; the longest schedule has ${plural(longest, 'step')}; workers conflict on ${plural(words, 'word')}`;
  if (random !== undefined) return `${plural(random, 'schedule')} drawn, ${took}\n${met}\neach ended as sequentially\n`;
  // Schedules are counted from their ends back to the beginning, which a search that was stopped has not come back to.
  if (!isExhausted || schedules === undefined)
    return `stopped after ${plural(states, 'state')}, ${took}\n${met}\nNOT all: stopped at --max-states, or where memory holds no more states\n`;
  const bound = preemptions === undefined ? '' : ` with at most ${plural(preemptions, 'preemption')}`;
  const searched = `${magnitude(schedules)} schedule${schedules === 1 ? '' : 's'}${bound}, in ${plural(states, 'state')}`;
  return `${searched}, ${took}\n${met}\nall of them end as sequentially\n`;
}

/** `12,345`; from a million on `1.4 × 10¹⁴`. */
function magnitude(value: number): string {
  if (value < IN_FULL_MAX) return count(value);
  const [digits, power] = value.toExponential(1).split('e+') as [string, string];
  return `${digits} × 10${[...power].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`;
}
