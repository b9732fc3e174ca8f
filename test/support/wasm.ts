/** Small Wasm modules, byte by byte, for what no compiler would make. */

type Bytes = readonly number[];

export const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

export const I32 = 0x7f;
export const I64 = 0x7e;

export interface FunctionType {
  readonly parameters: Bytes;
  readonly results: Bytes;
}

export interface ModuleParts {
  readonly imports?: readonly { readonly module: string; readonly name: string; readonly type: FunctionType }[];
  /** Functions of type () -> (), each exported under its name; the body without its closing `end`. */
  readonly methods?: readonly { readonly name: string; readonly body: Bytes }[];
  /** The first method is the start function too. */
  readonly hasStart?: boolean;
  /** Initial pages of a memory. */
  readonly pages?: number;
}

/** LEB128, unsigned. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push(rest > 127 ? (rest & 127) | 128 : rest);
    rest >>>= 7;
  } while (rest !== 0);
  return bytes;
}

export function vector(items: readonly Bytes[]): number[] {
  return [...unsigned(items.length), ...items.flat()];
}

export function text(value: string): number[] {
  const bytes = [...Buffer.from(value)];
  return [...unsigned(bytes.length), ...bytes];
}

export function section(id: number, content: Bytes): number[] {
  return [id, ...unsigned(content.length), ...content];
}

/** A code section: the bytes of each function, locals and closing `end` included. */
export function codeSection(...bodies: readonly Bytes[]): number[] {
  return section(10, vector(bodies.map((body) => [...unsigned(body.length), ...body])));
}

function typeBytes({ parameters, results }: FunctionType): number[] {
  return [0x60, ...unsigned(parameters.length), ...parameters, ...unsigned(results.length), ...results];
}

/** The module's bytes. Type 0 is () -> (); imports have types of their own after it. */
export function buildModule({ imports = [], methods = [], hasStart = false, pages }: ModuleParts): Uint8Array {
  const types = [typeBytes({ parameters: [], results: [] }), ...imports.map(({ type }) => typeBytes(type))];
  return Uint8Array.from([
    ...HEADER,
    ...section(1, vector(types)),
    ...section(2, vector(imports.map(({ module, name }, index) => [...text(module), ...text(name), 0, index + 1]))),
    ...section(3, vector(methods.map(() => [0]))),
    ...(pages === undefined ? [] : section(5, [1, 0, ...unsigned(pages)])),
    ...section(7, vector(methods.map(({ name }, index) => [...text(name), 0, ...unsigned(imports.length + index)]))),
    ...(hasStart ? section(8, unsigned(imports.length)) : []),
    ...codeSection(...methods.map(({ body }) => [0, ...body, 0x0b])),
  ]);
}
