import type { FunctionAnalysis } from './analysis.js';
import { type Body, FUNCTION, type FunctionType, functionTypes, importedCount, type Module } from './module.js';

/**
 * How much stack a function needs, in bytes, and which functions count it when they are called.
 *
 * A call keeps a count of the stack that is left. Not every function has to touch it: what a function needs at most, with
 * everything it calls, is known beforehand where nothing recurs. So only these count: functions that are part of a
 * cycle of calls, and those whose need would grow past a bound. A function that counts takes its need on entry and gives it back on
 * return; it stands for itself, so its callers do not add its need to theirs. Methods are counted by their wrapper.
 */
export interface StackNeed {
  /** For each defined function: bytes that it takes on entry, 0 where it does not count. */
  readonly counted: readonly number[];
  /** For each defined function: bytes that whoever calls it must have taken for it. */
  readonly left: readonly number[];
}

/**
 * Slots, of 8 bytes whatever the type. V8's baseline tier has one for each local and operand. Its optimizing tier has one for each
 * value that is alive across a call, and it keeps the results of computations to use them again: a function of few locals with a
 * thousand different products before a call and the same after it takes 8 KB there. So each computation counts.
 */
const SLOT = 8;
/** Return address, frame pointer, frame type, instance and scratch slots, and what a call passes on. */
const FRAME = 80;
/** A function that would need more counts for itself, so that one that is not reached is not paid for. */
const GREATEST_UNCOUNTED = 4096;

function frameBytes(type: FunctionType, body: Body, { height, computations }: FunctionAnalysis): number {
  const locals = body.locals.reduce((sum, { count }) => sum + count, type.parameters.length);
  return FRAME + SLOT * (locals + height + computations);
}

/** The need of each function of a valid module. */
export function stackNeed(module: Module, analyses: readonly FunctionAnalysis[]): StackNeed {
  const graph = callGraph(module, analyses);
  const frames = module.bodies.map((body, position) => {
    const type = module.types[module.functions[position] as number] as FunctionType;
    return frameBytes(type, body, analyses[position] as FunctionAnalysis);
  });
  const counted = new Array<number>(frames.length).fill(0);
  const left = new Array<number>(graph.length).fill(0);
  // Callees come before their callers.
  for (const component of components(graph)) {
    const below = (node: number): number =>
      (graph[node] as number[]).reduce((most, callee) => Math.max(most, left[callee] as number), 0);
    for (const node of component) if (node >= frames.length) left[node] = below(node);
    for (const node of component.filter((one) => one < frames.length)) {
      const need = (frames[node] as number) + below(node);
      const recurs = component.length > 1 || (graph[node] as number[]).includes(node);
      if (recurs || need > GREATEST_UNCOUNTED) counted[node] = need;
      else left[node] = need;
    }
  }
  return { counted, left: left.slice(0, frames.length) };
}

/**
 * Who may call whom, by position: the defined functions, and after them one node for each type that is called through the table,
 * which leads to every function of that type in it. Imports are not in it: the kernel has room of its own.
 */
function callGraph(module: Module, analyses: readonly FunctionAnalysis[]): number[][] {
  const imported = importedCount(module, FUNCTION);
  const types = functionTypes(module);
  const isDefined = (index: number): boolean => index >= imported;
  const signature = (type: number): string => {
    const { parameters, results } = module.types[type] as FunctionType;
    return `${parameters.join()}:${results.join()}`;
  };
  const byType = new Map<string, Set<number>>();
  for (const index of module.elements.flatMap(({ functions }) => functions).filter(isDefined)) {
    const key = signature(types[index] as number);
    byType.set(key, (byType.get(key) ?? new Set()).add(index - imported));
  }
  const nodes = new Map([...byType.keys()].map((key, position) => [key, analyses.length + position]));
  const graph = analyses.map(({ callees, indirect }) => {
    const direct = [...callees].filter(isDefined).map((index) => index - imported);
    const tables = [...indirect].map((type) => nodes.get(signature(type))).filter((node) => node !== undefined);
    return [...direct, ...new Set(tables)];
  });
  return [...graph, ...[...byType.values()].map((functions) => [...functions])];
}

/** The strongly connected components of a graph, those that are led to first (Tarjan 1972, without recursion). */
function components(graph: readonly (readonly number[])[]): number[][] {
  const order = new Array<number>(graph.length).fill(-1);
  const low = new Array<number>(graph.length).fill(0);
  const isOpen = new Array<boolean>(graph.length).fill(false);
  const open: number[] = [];
  const found: number[][] = [];
  let visited = 0;
  for (let root = 0; root < graph.length; root++) {
    if (order[root] !== -1) continue;
    const path = [{ node: root, edge: 0 }];
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const { node } = step;
      if (step.edge === 0) {
        order[node] = low[node] = visited++;
        open.push(node);
        isOpen[node] = true;
      }
      const next = (graph[node] as number[])[step.edge++];
      if (next !== undefined) {
        if (order[next] === -1) path.push({ node: next, edge: 0 });
        else if (isOpen[next]) low[node] = Math.min(low[node] as number, order[next] as number);
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.node;
      if (parent !== undefined) low[parent] = Math.min(low[parent] as number, low[node] as number);
      if (low[node] !== order[node]) continue;
      const component = open.splice(open.lastIndexOf(node));
      for (const member of component) isOpen[member] = false;
      found.push(component);
    }
  }
  return found;
}
