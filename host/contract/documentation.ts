import type { Declaration } from './syntax.js';

/** The first paragraph of a declaration's doc comment, on one line; undefined where it has none. */
export function documentationOf({ range, decorators }: Declaration): string | undefined {
  const { text } = range.source;
  const start = Math.min(range.start, ...(decorators ?? []).map((decorator) => decorator.range.start));
  const before = text
    .slice(0, start)
    .replace(/\bexport\s*$/, '')
    .trimEnd();
  if (!before.endsWith('*/')) return undefined;
  const open = before.lastIndexOf('/**');
  // A comment that only ends like one: `/* ... */`.
  if (open < 0 || before.slice(open + 3, -2).includes('*/')) return undefined;
  const lines = before
    .slice(open + 3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\*?/, '').trim());
  const first = lines.findIndex((line) => line !== '');
  if (first < 0) return undefined;
  const end = lines.findIndex((line, index) => index > first && (line === '' || line.startsWith('@')));
  const paragraph = lines.slice(first, end < 0 ? undefined : end).join(' ');
  return paragraph.startsWith('@') ? undefined : paragraph.trim();
}
