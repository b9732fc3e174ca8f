import { locationText } from './location-names.js';
import { digitShortener } from './short-digits.js';
import type { CallNames, DependencyGraph, GraphJunction } from './types.js';

const plainNames: CallNames = (index) => `call ${index}`;

/** A dependency graph in the language of Graphviz. */
export function dependencyDot(graph: DependencyGraph, names: CallNames = plainNames): string {
  return [...dotLines(graph, names)].join('');
}

/** The same, a line at a time, each with its end. */
export function* dotLines(graph: DependencyGraph, names: CallNames): Generator<string> {
  const { locations, nodes, junctions, edges } = graph;
  const texts = locations.map(locationText);
  const labels = texts.map(digitShortener(texts)).map(quoted);
  const labelOf = (location: number): string => labels[location] as string;
  yield 'digraph block {\n  node [shape=box];\n';
  for (const { index, gas } of nodes) yield `  ${index} [label=${quoted(`${names(index)}\n${gas} gas`)}];\n`;
  for (const junction of junctions) yield* junctionLines(junction, labelOf(junction.location));
  for (const { from, to, location } of edges) yield `  ${from} -> ${to} [label=${labelOf(location)}];\n`;
  yield '}\n';
}

/** `label`: what its location is called, in quotes. */
function* junctionLines({ index, after, adders }: GraphJunction, label: string): Generator<string> {
  yield `  ${index} [shape=point, xlabel=${label}];\n`;
  for (const from of after === null ? adders : [after, ...adders]) yield `  ${from} -> ${index} [arrowhead=none];\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
