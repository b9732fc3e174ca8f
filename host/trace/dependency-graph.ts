import type { BlockGraph } from './block-graph.js';
import type { CommittedCall } from './dependencies.js';
import type { LocationNames } from './location-names.js';
import type { DependencyGraph, LocationName } from './types.js';

/** The graph as it is given out. Where calls contend there are as many edges as calls and few locations: each is told once. */
export function dependencyGraph(
  calls: readonly CommittedCall[],
  { junctions, edges }: BlockGraph,
  names: LocationNames,
): DependencyGraph {
  const locations: LocationName[] = [];
  const places = new Map<number, number>();
  const placeOf = (location: number): number => {
    const known = places.get(location);
    if (known !== undefined) return known;
    const place = locations.push(names.of(location)) - 1;
    places.set(location, place);
    return place;
  };
  const told = {
    junctions: junctions.map(({ node, location, after, adders }) => ({
      index: node,
      location: placeOf(location),
      after: after ?? null,
      adders,
    })),
    edges: edges.map(({ from, to, location }) => ({ from, to, location: placeOf(location) })),
  };
  return {
    schema: 'blockstm.graph/1',
    locations,
    nodes: calls.map(({ gas }, index) => ({ index, gas })),
    ...told,
  };
}
