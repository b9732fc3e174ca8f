import type { CellSummary } from '../sweep/summary.js';
import { changedPolicy } from '../sweep/sweep-cell.js';
import { worded } from './dimensions.js';
import { dotSpec } from './dot-figure.js';
import type { Figure, FigureGroup } from './figure.js';
import { byWorkload, parted, seriesOf } from './series.js';
import { leftOut, oversubscribedNote, oversubscribedTitle, plottable, type WallTimeOptions } from './wall-time.js';

const FLAGS = ['validate', 'grain', 'estimates', 'suspend', 'deltas'];

/** What each policy is worth: the same cells with one thing otherwise. */
export function ablations(cells: readonly CellSummary[], options: WallTimeOptions): FigureGroup {
  const parallel = cells.filter(({ executor }) => executor !== 'sequential');
  const figures = byWorkload(plottable(parallel, options)).flatMap(([workload, its]) =>
    ofWorkload(workload, its, options),
  );
  const none = figures.length > 0 ? null : 'no workload of the sweep has several policies';
  return { title: 'Ablations', figures, absent: leftOut(parallel, options) ?? none };
}

function ofWorkload(workload: string, cells: readonly CellSummary[], options: WallTimeOptions): Figure[] {
  const series = seriesOf(cells, FLAGS).filter((each) => each.cells.length > 1);
  return parted(series).map(({ items, nameSuffix, titleSuffix }) => {
    const shown = items.flatMap((each) => each.cells);
    return {
      name: `ablations-${workload}${nameSuffix}`,
      title: `${workload}: speed-up by policy${titleSuffix}${oversubscribedTitle(shown)}`,
      caption: `Time of sequential execution / time of the same block under each policy: medians of the runs, with bootstrap 95% intervals. Dashed: as fast as sequential.${oversubscribedNote(shown, options)}`,
      spec: dotSpec(
        items.flatMap(({ label, cells: its }) =>
          its.map((cell) => ({
            label: policyLabel(cell),
            series: label,
            estimate: cell.speedup as NonNullable<CellSummary['speedup']>,
          })),
        ),
        { x: 'speed-up (times sequential)', reference: 1 },
      ),
    };
  });
}

/** `deltas off, grain 16`, or `default`. */
function policyLabel({ policy }: CellSummary): string {
  const changed = Object.entries(changedPolicy(policy)).map(([flag, value]) => `${flag} ${worded(value)}`);
  return changed.length === 0 ? 'default' : changed.join(', ');
}
