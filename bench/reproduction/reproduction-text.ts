import { formatTable, percent, plural } from '../report.js';
import type { PublishedFigures } from './published.js';
import type { ReproducedCell, ReproducedFigures, ReproductionReport } from './reproduction.js';

/** The published figures, ours beside them as ratios, and what keeps them from being compared. */
export function formatReproduction(report: ReproductionReport): string {
  const { source, machine, workers, cells, notComparable, env } = report;
  const isMeasured = cells.some(({ measured }) => measured !== null);
  const figures = FIGURES.filter(({ isIn }) => cells.some(({ published }) => isIn(published)));
  const of = (whose: string): string[] => figures.flatMap(({ name }) => [`${name}, ${whose}`, 'ours/theirs']);
  const header = ['', ...figures.map(({ name }) => `${name}, theirs`), ...(isMeasured ? of('2 threads') : [])];
  const rows = cells.map(({ name, published, measured, simulated }) => [
    name,
    ...figures.map(({ theirs }) => theirs(published)),
    ...(isMeasured ? figures.flatMap((figure) => besides(figure, measured)) : []),
    ...figures.flatMap((figure) => besides(figure, simulated)),
  ]);
  const table = formatTable([[...header, ...of('simulated')], ...rows]);
  const notes = notComparable.map((note) => `- ${note}`).join('\n');
  const threads = isMeasured ? `2 threads of ${env.cpu}, ${plural(env.cores, 'core')}; and ` : '';
  return (
    `${source}: ${machine}. Ours: ${threads}${plural(workers, 'virtual worker')}, each with a core.\n\n${table}\n${blocksText(cells, figures)}\n` +
    `Not comparable:\n${notes}\n`
  );
}

/** A figure that is shown where a source has published it. */
interface Figure {
  readonly name: string;
  readonly isIn: (published: PublishedFigures) => boolean;
  readonly theirs: (published: PublishedFigures) => string;
  readonly ours: (figures: ReproducedFigures) => string;
  readonly ratio: (figures: ReproducedFigures) => number | undefined;
}

const SPEEDUP = 'speed-up';

const FIGURES: readonly Figure[] = [
  {
    name: SPEEDUP,
    isIn: ({ speedup, speedupAtLeast }) => speedup !== undefined || speedupAtLeast !== undefined,
    theirs: ({ speedup, speedupAtLeast }) =>
      speedup === undefined ? shown(speedupAtLeast, (bound) => `>= ${times(bound)}`) : times(speedup),
    ours: ({ speedup: { median, low, high } }) =>
      low === null || high === null ? times(median) : `${times(median)} (${low.toFixed(2)}-${high.toFixed(2)})`,
    ratio: ({ ratios }) => ratios.speedup,
  },
  {
    name: 'aborts a call',
    isIn: ({ abortsPerCall }) => abortsPerCall !== undefined,
    theirs: ({ abortsPerCall }) => shown(abortsPerCall, percent),
    ours: ({ abortsPerCall }) => percent(abortsPerCall),
    ratio: ({ ratios }) => ratios.abortsPerCall,
  },
  {
    name: 'wasted',
    isIn: ({ wastedShare }) => wastedShare !== undefined,
    theirs: ({ wastedShare }) => shown(wastedShare, percent),
    ours: ({ wastedShare }) => percent(wastedShare),
    ratio: ({ ratios }) => ratios.wastedShare,
  },
];

function besides({ ours, ratio }: Figure, figures: ReproducedFigures | null): [ours: string, ratio: string] {
  if (figures === null) return ['', ''];
  return [ours(figures), shown(ratio(figures), (value) => value.toFixed(2))];
}

function shown(figure: number | undefined, text: (value: number) => string): string {
  return figure === undefined ? '' : text(figure);
}

function times(value: number): string {
  return `${value.toFixed(2)}x`;
}

/** Of how many blocks the figures are, and what is in brackets behind some. */
function blocksText(cells: readonly ReproducedCell[], figures: readonly Figure[]): string {
  const [first] = cells;
  if (first === undefined) return '';
  const { measured, simulated } = first;
  const blocks = ({ repeats }: ReproducedFigures) => `${plural(repeats, 'block')} a cell`;
  const hasIntervals = [measured, simulated].some((each) => each !== null && each.speedup.low !== null);
  const told = [
    ...(measured === null ? [] : [`Measured: ${blocks(measured)}, in one process.`]),
    `Simulated: ${blocks(simulated)}.`,
    ...(hasIntervals && figures.some(({ name }) => name === SPEEDUP)
      ? ['In brackets: 95% intervals of the median.']
      : []),
  ];
  return `${told.join(' ')}\n`;
}
