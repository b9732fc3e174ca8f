import { describeProblemAt } from '../contract/compile-error.js';
import type { Finding } from '../index.js';
import { printable } from './printable.js';

/**
 * What is wrong with a module, a line each; with the source line below, where the text of its file is known.
 * @param texts by the path that a finding gives.
 */
export function formatFindings(file: string, findings: readonly Finding[], texts: ReadonlyMap<string, string>): string {
  return findings.map((finding) => `${formatFinding(file, finding, texts)}\n`).join('');
}

function formatFinding(file: string, finding: Finding, texts: ReadonlyMap<string, string>): string {
  const { code, message, offset, function: inFunction, source } = finding;
  const name = inFunction?.name === undefined ? '' : ` "${printable(inFunction.name)}"`;
  const place = `${inFunction === undefined ? '' : `function ${inFunction.index}${name}, `}offset 0x${offset.toString(16)}`;
  if (source === undefined) return `${file}: error ${code}: ${place}: ${printable(message)}`;
  const said = `error ${code}: ${printable(message)} (${place})`;
  const text = texts.get(source.file);
  if (text === undefined) return `${printable(source.file)}:${source.line}:${source.column}: ${said}`;
  return describeProblemAt(said, { ...source, file: printable(source.file) }, text).text;
}

/** The text of each source that the map has, by the name that it has there. */
export function sourceTexts(sourceMap: string | undefined): ReadonlyMap<string, string> {
  if (sourceMap === undefined) return new Map();
  const { sources, sourcesContent } = JSON.parse(sourceMap) as {
    sources: string[];
    sourcesContent?: (string | null)[] | null;
  };
  const texts = sources.map((name, index): [string, string | null | undefined] => [name, sourcesContent?.[index]]);
  return new Map(texts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
