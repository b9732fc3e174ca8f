import { type AbortedCall, type CallNames, locationText } from '../index.js';
import { count, plural } from './quantity.js';
import { formatTable } from './table.js';

/** Calls shown to a person; `--json` has them all. */
const CALLS_SHOWN = 20;

/** The calls of a block that were executed again, as a person reads them. `calls`: how many the block has. */
export function formatAborted(aborted: readonly AbortedCall[], calls: number, names: CallNames): string {
  if (aborted.length === 0)
    return `None of ${plural(calls, 'call')} was aborted, this time. Each command executes the block anew: with more --workers, or --grain 1, more calls meet.\n`;
  const rows = aborted
    .slice(0, CALLS_SHOWN)
    .map(({ index, incarnations, location, aborts }) => [
      names(index),
      count(incarnations),
      `${count(aborts)} x ${locationText(location)}`,
    ]);
  const columns = [
    { title: '', align: 'left' },
    { title: 'incarnations', align: 'right' },
    { title: 'aborted most for', align: 'left' },
  ] as const;
  const more = aborted.length > CALLS_SHOWN ? `and ${count(aborted.length - CALLS_SHOWN)} more\n` : '';
  const head = `${count(aborted.length)} of ${plural(calls, 'call')} ${aborted.length === 1 ? 'was' : 'were'} aborted, this time; --call executes the block anew and says why of one, which may go otherwise then.\n`;
  return `${head}\n${formatTable(columns, rows)}${more}`;
}
