import { BlockStmError } from '../../host/index.js';
import type { Figure } from './figure.js';
import { textWidth } from './text-width.js';
import { FIGURE_WIDTH, themed } from './theme.js';

/** A figure as files: its specification, whole, and the picture that Vega makes of it. */
export interface RenderedFigure extends Figure {
  readonly svg: string;
}

/** How Vega measures text where there is no canvas; its types leave it out. */
interface TextMetrics {
  width: (item: { readonly fontSize?: number; readonly fontWeight?: number | string }, text: unknown) => number;
}

const DEFAULT_FONT_SIZE = 11;
const BOLD = 600;

/**
 * @throws BlockStmError `ERR_PLOT` where Vega is not installed.
 */
export async function renderFigures(figures: readonly Figure[]): Promise<RenderedFigure[]> {
  if (figures.length === 0) return [];
  const loaded = await loadVega();
  const metrics = (loaded.vega as unknown as { readonly textMetrics: TextMetrics }).textMetrics;
  const vegaWidth = metrics.width;
  metrics.width = ({ fontSize = DEFAULT_FONT_SIZE, fontWeight }, text) =>
    textWidth(String(text ?? ''), fontSize, Number(fontWeight) >= BOLD);
  try {
    return await renderAll(loaded, figures);
  } finally {
    metrics.width = vegaWidth;
  }
}

async function renderAll(
  { vega, vegaLite }: Awaited<ReturnType<typeof loadVega>>,
  figures: readonly Figure[],
): Promise<RenderedFigure[]> {
  const rendered: RenderedFigure[] = [];
  for (const figure of figures) {
    const spec = themed(figure.title, figure.spec);
    // Its types describe every specification there can be; ours are data here.
    const compiled = vegaLite.compile(spec as unknown as Parameters<typeof vegaLite.compile>[0]);
    const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none' });
    rendered.push({ ...figure, spec, svg: `${widened(ownIds(await view.toSVG(), figure.name))}\n` });
    view.finalize();
  }
  return rendered;
}

/** Plots side by side or below one another have the width that comes of theirs, a little less than that of a figure: a page would enlarge them, and their texts. */
function widened(svg: string): string {
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  if (Number(width) >= FIGURE_WIDTH) return svg;
  return svg
    .replace(
      `width="${width}" height="${height}" viewBox="0 0 ${width} `,
      `width="${FIGURE_WIDTH}" height="${height}" viewBox="0 0 ${FIGURE_WIDTH} `,
    )
    .replace(`<rect width="${width}" `, `<rect width="${FIGURE_WIDTH}" `);
}

/** Figures on one page must not have ids in common: each would be clipped as the first one is. */
function ownIds(svg: string, name: string): string {
  return svg.replaceAll(/(id="|url\(#)([a-z_]+\d+)/g, (_, before, id) => `${before}${name}-${id}`);
}

async function loadVega() {
  try {
    const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
    return { vega, vegaLite };
  } catch (cause) {
    throw new BlockStmError(
      'ERR_PLOT',
      'drawing figures needs the packages "vega" and "vega-lite", which cannot be loaded: npm install --save-dev vega@6 vega-lite@~6.4',
      { cause },
    );
  }
}
