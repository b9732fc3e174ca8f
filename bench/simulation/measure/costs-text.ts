import { formatTable } from '../../report.js';
import type { MeasuredTable } from './measure-costs.js';
import { LINES_MAX } from './moved-lines.js';

/** The numbers of a table, a line each, and what they are worth. */
export function formatCosts(table: MeasuredTable): string {
  const { machine, assumed, jitter, nanosPerGas, methods, steps, threads, host } = table;
  const { lines, load } = table.measured;
  const part = (name: string, numbers: Readonly<Record<string, number>>): (readonly [string, number])[] =>
    Object.entries(numbers).map(([key, nanos]) => [`${name}.${key}`, nanos]);
  const all = [
    ['jitter', jitter] as const,
    ['nanosPerGas', nanosPerGas] as const,
    ...part('methods', methods),
    ...part('steps', { ...steps }),
    ...part('threads', { ...threads }),
    ...part('host', { ...host }),
  ];
  const rows = all.map(([path, number]) => [path, String(number), assumed.includes(path) ? 'not measured' : '']);
  const what = 'claim, publish, validate and abort';
  const said =
    lines === null
      ? `No two threads met: ${what} are those of one, without the lines that move between cores.`
      : `On two threads ${what} take ${lines.median.toFixed(1)} times what they take on one (${lines.low.toFixed(1)} to ${lines.high < LINES_MAX ? lines.high.toFixed(1) : `${LINES_MAX} or more`}), by the processor time that p2p takes; other runs of this may differ by more.`;
  const began = `Load when it began: ${load.toFixed(2)}, which should be next to none.`;
  return `${formatTable([['', 'nanoseconds', ''], ...rows])}\n${machine}. ${began}\n${said}\n`;
}
