import type { FigureTable } from './figure-table.js';

/** A Vega-Lite specification with its data, and without what all figures look like: see theme.ts. */
export type VegaLiteSpec = Readonly<Record<string, unknown>>;

/** A figure of a report. */
export interface Figure {
  /** Of its files, without their endings; unique in a report. */
  readonly name: string;
  readonly title: string;
  /** What is to be seen, and how it was measured. */
  readonly caption: string;
  readonly spec: VegaLiteSpec;
  readonly table: FigureTable;
}

/** A question that a report asks of a sweep: the figures that answer it, or why there is none. */
export interface FigureGroup {
  readonly title: string;
  readonly figures: readonly Figure[];
  /** Where there are no figures, or some have been left out: why. */
  readonly absent: string | null;
}
