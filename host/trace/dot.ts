import { locationText } from './location-names.js';
import type { CallNames, DependencyGraph, GraphJunction, LocationName } from './types.js';

const plainNames: CallNames = (index) => `call ${index}`;

/** A dependency graph in the language of Graphviz. */
export function dependencyDot(graph: DependencyGraph, names: CallNames = plainNames): string {
  return [...dotLines(graph, names)].join('');
}

/** The same, a line at a time, each with its end. */
export function* dotLines(graph: DependencyGraph, names: CallNames): Generator<string> {
  const { locations, nodes, junctions, edges } = graph;
  const textOf = (location: number): string => quoted(locationText(locations[location] as LocationName));
  yield 'digraph block {\n  node [shape=box];\n';
  for (const { index, gas } of nodes) yield `  ${index} [label=${quoted(`${names(index)}\n${gas} gas`)}];\n`;
  for (const junction of junctions) yield* junctionLines(junction, textOf(junction.location));
  for (const { from, to, location } of edges) yield `  ${from} -> ${to} [label=${textOf(location)}];\n`;
  yield '}\n';
}

/** `text`: what its location is called, in quotes. */
function* junctionLines({ index, after, adders }: GraphJunction, text: string): Generator<string> {
  yield `  ${index} [shape=point, xlabel=${text}];\n`;
  for (const from of after === null ? adders : [after, ...adders]) yield `  ${from} -> ${index} [arrowhead=none];\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
