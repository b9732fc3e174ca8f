import type { Estimate } from '../sweep/estimate.js';
import type { CellSummary } from '../sweep/summary.js';
import { WORKLOADS } from '../workloads/registry.js';
import { dimensionsOf, parameterName, varying } from './dimensions.js';
import type { LinePoint } from './line-figure.js';
import type { Labelled } from './parts.js';
import { byWorkload, seriesOf } from './series.js';

/** What a workload does along one of its parameters: a line for each choice of all else in which the cells differ. */
export interface ParameterSeries {
  readonly workload: string;
  /** In words: `hot ratio`. */
  readonly name: string;
  /** Of files: `p2p-accounts`. */
  readonly slug: string;
  /** What the parameter is, in the workload's own words; a sentence, or nothing. */
  readonly about: string;
  readonly series: readonly Labelled[];
}

/** Of each workload, along each parameter that has several values. */
export function alongParameters(cells: readonly CellSummary[]): ParameterSeries[] {
  return byWorkload(cells).flatMap(([workload, its]) => {
    const names = varying(its);
    const parameters = Object.keys(its[0]?.params ?? {}).filter((each) => names.includes(parameterName(each)));
    return parameters.map((parameter): ParameterSeries => {
      const name = parameterName(parameter);
      return {
        workload,
        name,
        slug: `${workload}-${name.replaceAll(' ', '-')}`,
        about: about(workload, parameter),
        series: seriesOf(its, [name]),
      };
    });
  });
}

/** The points of a line, at the values of the parameter. */
export function parameterPoints(
  { label, cells }: Labelled,
  name: string,
  estimateOf: (cell: CellSummary) => Estimate | null,
): LinePoint[] {
  return cells.flatMap((cell) => {
    const estimate = estimateOf(cell);
    return estimate === null ? [] : [{ series: label, x: dimensionsOf(cell)[name] as number | string, estimate }];
  });
}

function about(workload: string, parameter: string): string {
  const description = WORKLOADS.find(({ name }) => name === workload)?.parameters[parameter]?.description;
  return description === undefined ? '' : ` ${parameterName(parameter)}: ${description}.`;
}
