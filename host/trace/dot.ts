import { locationText } from './location-names.js';
import { digitShortener } from './short-digits.js';
import type { CallNames, DependencyGraph, GraphJunction, LocationName } from './types.js';

const plainNames: CallNames = (index) => `call ${index}`;

/** A dependency graph in the language of Graphviz. */
export function dependencyDot(graph: DependencyGraph, names: CallNames = plainNames): string {
  return [...dotLines(graph, names)].join('');
}

/** The same, a line at a time, each with its end. */
export function* dotLines({ nodes, junctions, edges }: DependencyGraph, names: CallNames): Generator<string> {
  const locations = new Set([...junctions, ...edges].map(({ location }) => location));
  const short = digitShortener([...locations].map(locationText));
  const label = (location: LocationName): string => quoted(short(locationText(location)));
  yield 'digraph block {\n  node [shape=box];\n';
  for (const { index, gas } of nodes) yield `  ${index} [label=${quoted(`${names(index)}\n${gas} gas`)}];\n`;
  for (const junction of junctions) yield* junctionLines(junction, label(junction.location));
  for (const { from, to, location } of edges) yield `  ${from} -> ${to} [label=${label(location)}];\n`;
  yield '}\n';
}

function* junctionLines({ index, after, adders }: GraphJunction, label: string): Generator<string> {
  yield `  ${index} [shape=point, xlabel=${label}];\n`;
  for (const from of after === null ? adders : [after, ...adders]) yield `  ${from} -> ${index} [arrowhead=none];\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
