import type { Exploration } from '../explore/index.js';
import { count, plural } from './quantity.js';

/** How it was searched, and where a schedule that fails was written to. */
export interface Searching {
  readonly random: number | undefined;
  readonly preemptions: number | undefined;
  readonly out: string;
  readonly seconds: number;
}

const STEP = 'a step is what a worker does from one access at which workers may conflict to the next';
/** Above it a number is one of magnitude. */
const IN_FULL_MAX = 1e6;

/** What an exploration has found, as a person reads it. */
export function explorationText(result: Exploration, { random, preemptions, out, seconds }: Searching): string {
  const { failure, isExhausted, schedules, states, steps, ends, longest, words } = result;
  const isDrawn = random !== undefined;
  // Of schedules that are drawn each access is a step.
  const did = (number: number): string => (isDrawn ? accesses(number) : plural(number, 'step'));
  const time = `${seconds.toFixed(1)} s`;
  if (failure !== undefined) {
    // What is drawn before a search keeps no states.
    const after = states === 0 ? plural(schedules ?? 0, 'schedule') : plural(states, 'state');
    return `found after ${after} and ${did(steps)}, ${time}\nFAILED: ${failure.message}\nthe schedule is in ${out}: blockstm explore --replay ${out}\n`;
  }
  const met = `workers conflict on ${plural(words, 'word')} of shared memory`;
  if (isDrawn) {
    return `${plural(random, 'schedule')} drawn, with ${did(steps)} to shared memory, ${time}\nthe longest has ${did(longest)}; ${met}\neach ended as sequentially\n`;
  }
  const through = `${plural(states, 'state')} and ${did(steps)} from one to another, ${time}`;
  const left = `all workers have left in ${count(ends)} of these states; the longest schedule has ${did(longest)}; ${met}`;
  const counted = `${left}\n${STEP}`;
  // Schedules are counted from their ends back to the beginning, which a search that was stopped has not come back to.
  if (!isExhausted || schedules === undefined)
    return `stopped after ${through}\n${counted}\nNOT all schedules: stopped at --max-states, or where memory holds no more states\n`;
  const bound = preemptions === undefined ? '' : ` with at most ${plural(preemptions, 'preemption')}`;
  const all = `${magnitude(schedules)} schedule${schedules === 1 ? '' : 's'}${bound}`;
  return `${all}, through ${through}\n${counted}\nall schedules end as sequentially\n`;
}

function accesses(number: number): string {
  return `${count(number)} access${number === 1 ? '' : 'es'}`;
}

/** `12,345`; from a million on `1.4 × 10¹⁴`. */
function magnitude(value: number): string {
  if (value < IN_FULL_MAX) return count(value);
  const [digits, power] = value.toExponential(1).split('e+') as [string, string];
  return `${digits} × 10${[...power].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('')}`;
}
