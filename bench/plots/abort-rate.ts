import type { CellSummary } from '../sweep/summary.js';
import { WORKLOADS } from '../workloads/registry.js';
import { dimensionsOf, parameterName, varying } from './dimensions.js';
import type { Figure, FigureGroup } from './figure.js';
import { type LinePoint, lineFigure } from './line-figure.js';
import { byWorkload, parted, type Series, seriesOf } from './series.js';
import { simulatedTitle } from './wall-time.js';

/** How many executions are in vain, along whatever parameters make calls meet: of each workload, along each parameter that has several values. */
export function abortRate(cells: readonly CellSummary[]): FigureGroup {
  const figures = byWorkload(cells.filter((cell) => cell.executor !== 'sequential' && cell.abortRate !== null)).flatMap(
    ([workload, its]) => {
      const names = varying(its);
      const parameters = Object.keys(its[0]?.params ?? {}).filter((parameter) =>
        names.includes(parameterName(parameter)),
      );
      return parameters.flatMap((parameter) => alongParameter(workload, parameter, its));
    },
  );
  const absent =
    figures.length > 0 ? null : 'no workload has several values of a parameter among the runs that are finished';
  return { title: 'Abort rate against contention', figures, absent };
}

function alongParameter(workload: string, parameter: string, cells: readonly CellSummary[]): Figure[] {
  const name = parameterName(parameter);
  const series = seriesOf(cells, [name]);
  const pointsOf = ({ label, cells: its }: Series): LinePoint[] =>
    its.map((cell) => ({
      series: label,
      x: dimensionsOf(cell)[name] as number | string,
      estimate: cell.abortRate as NonNullable<CellSummary['abortRate']>,
    }));
  return parted(series).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => ({
    name: `abort-rate-${workload}-${name.replaceAll(' ', '-')}${nameSuffix}`,
    title: `${workload}: abort rate against ${name}${titleSuffix}${simulatedTitle(cells)}`,
    caption: `Executions that were aborted, of all executions: medians of the runs, with bootstrap 95% intervals. Those that were left where they met an ESTIMATE are not among them, but among wasted work. ${about(workload, parameter)}${captionSuffix}`,
    ...lineFigure(
      items.flatMap(pointsOf),
      { x: name, y: 'aborted executions (%)', scale: 100 },
      series.flatMap(pointsOf),
    ),
  }));
}

/** What the parameter is, in the workload's own words. */
function about(workload: string, parameter: string): string {
  const description = WORKLOADS.find(({ name }) => name === workload)?.parameters[parameter]?.description;
  return description === undefined ? '' : `${parameterName(parameter)}: ${description}.`;
}
