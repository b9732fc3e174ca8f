import { FileError, JsonField } from './json-field.js';

/** In every such file. */
export const SCHEMA = 'blockstm.gas-snapshot/1';

/** Gas of the calls of one method that ended ok. */
export interface MethodGas {
  readonly calls: number;
  readonly min: number;
  /** The lower of the two in the middle, where there are two. */
  readonly median: number;
  readonly max: number;
}

/** What the tests of a project used: to be committed, and compared with. */
export interface GasSnapshot {
  /** By `contract.method`. */
  readonly methods: ReadonlyMap<string, MethodGas>;
  /** Executions that were thrown away for each 1,000 calls of blocks of two calls or more, executed in parallel; undefined where there were none. */
  readonly abortsPerThousand: number | undefined;
}

/**
 * What the tests have left, in lines of JSON: `{"kind": "call", "contract", "method", "status", "gas"}` for each call, `{"kind": "block", "calls", "aborts"}` for each block.
 */
export function readGasRecord(file: string, text: string): GasSnapshot {
  const used = new Map<string, number[]>();
  let [calls, aborts] = [0, 0];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const field = JsonField.parse({ file, firstLine: index + 1, text: line });
    const { kind } = field.value as { kind: unknown };
    if (kind === 'block') {
      const block = field.members(['kind', 'calls', 'aborts']);
      // In a block of one call there is nothing to throw away.
      if (whole(block.calls) < 2) continue;
      calls += whole(block.calls);
      aborts += whole(block.aborts);
      continue;
    }
    const { contract, method, status, gas } = field.members(['kind', 'contract', 'method', 'status', 'gas']);
    if (status.text() !== 'ok') continue;
    const name = `${contract.text()}.${method.text()}`;
    const known = used.get(name);
    if (known === undefined) used.set(name, [whole(gas)]);
    else known.push(whole(gas));
  }
  return {
    methods: sorted([...used].map(([name, gas]) => [name, summarize(gas)])),
    abortsPerThousand: calls === 0 ? undefined : Math.round((aborts * 10_000) / calls) / 10,
  };
}

/** The file's text: a line for each method, in the order of their names, so that a difference reads well. */
export function formatGasSnapshot({ methods, abortsPerThousand }: GasSnapshot): string {
  const lines = [...methods].map(([name, gas]) => `    ${JSON.stringify(name)}: ${spaced(gas)}`);
  const head = abortsPerThousand === undefined ? '' : `  "abortsPerThousand": ${abortsPerThousand},\n`;
  return `{\n  "schema": "${SCHEMA}",\n${head}  "methods": {\n${lines.join(',\n')}\n  }\n}\n`;
}

/** @throws FileError for a file that is none, or that somebody has damaged. */
export function parseGasSnapshot(file: string, text: string): GasSnapshot {
  const root = JsonField.parse({ file, firstLine: 1, text });
  const { schema, abortsPerThousand, methods } = root.members(['schema', 'abortsPerThousand', 'methods']);
  if (schema.value !== SCHEMA) schema.expected(JSON.stringify(SCHEMA));
  const names = typeof methods.value === 'object' && methods.value !== null ? Object.keys(methods.value) : [];
  const fields = methods.members(names);
  return {
    methods: sorted(names.map((name) => [name, parseMethod(fields[name] as JsonField)])),
    abortsPerThousand: abortsPerThousand.present ? parseRate(abortsPerThousand) : undefined,
  };
}

function parseMethod(field: JsonField): MethodGas {
  const { calls, min, median, max } = field.members(['calls', 'min', 'median', 'max']);
  return { calls: whole(calls), min: whole(min), median: whole(median), max: whole(max) };
}

function parseRate(field: JsonField): number {
  const { value } = field;
  return typeof value === 'number' && value >= 0 ? value : field.expected('a number that is not negative');
}

function whole(field: JsonField): number {
  return Number(field.integer(0n, BigInt(Number.MAX_SAFE_INTEGER)));
}

function summarize(gas: readonly number[]): MethodGas {
  const ascending = gas.toSorted((left, right) => left - right);
  const at = (index: number): number => ascending[index] as number;
  return { calls: gas.length, min: at(0), median: at((gas.length - 1) >> 1), max: at(gas.length - 1) };
}

function sorted(methods: readonly (readonly [string, MethodGas])[]): ReadonlyMap<string, MethodGas> {
  return new Map(methods.toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)));
}

function spaced({ calls, min, median, max }: MethodGas): string {
  return `{ "calls": ${calls}, "min": ${min}, "median": ${median}, "max": ${max} }`;
}

/** @throws FileError where the tests have recorded nothing. */
export function refuseEmpty({ methods }: GasSnapshot): void {
  if (methods.size > 0) return;
  throw new FileError('error: the tests recorded no gas: calls on a testChain() of blockstm/testing are recorded');
}
