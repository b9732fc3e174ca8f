import { locationText } from './location-names.js';
import type { CallNames, DependencyGraph } from './types.js';

/** A dependency graph in the language of Graphviz. */
export function dependencyDot(
  { nodes, edges }: DependencyGraph,
  names: CallNames = (index) => `call ${index}`,
): string {
  const lines = [
    ...nodes.map(({ index, gas }) => `  ${index} [label=${quoted(`${names(index)}\n${gas} gas`)}];`),
    ...edges.map(({ from, to, location }) => `  ${from} -> ${to} [label=${quoted(locationText(location))}];`),
  ];
  return ['digraph block {', '  node [shape=box];', ...lines, '}', ''].join('\n');
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
