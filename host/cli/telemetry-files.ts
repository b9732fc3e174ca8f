import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { AddressNames, BlockTelemetry, CallNames } from '../index.js';
import { dotLines } from '../trace/dot.js';
import { FileError } from './json-field.js';

/** Where a block's timeline and graph go. */
export interface TelemetryFiles {
  readonly trace?: string;
  readonly graph?: string;
}

/** So many characters go to a file at once. */
const PART = 1 << 16;

/** @throws FileError where the name of the graph's file does not say which of the two forms it has. */
export function refuseUnknownGraph({ graph }: TelemetryFiles): void {
  if (graph === undefined || /\.(dot|json)$/.test(graph)) return;
  throw new FileError(`error: --graph ${graph}: expected a name that ends in .dot or .json`);
}

/** Written bit by bit: what is told of a large block is longer than a string can be. @throws FileError where a file cannot be written. */
export async function writeTelemetry(
  telemetry: BlockTelemetry,
  { trace, graph }: TelemetryFiles,
  names: CallNames,
  addresses: AddressNames,
): Promise<void> {
  if (trace !== undefined) await writeParts(trace, jsonLines(telemetry.trace(names, addresses)));
  if (graph === undefined) return;
  const dependencies = telemetry.dependencies(addresses);
  await writeParts(graph, graph.endsWith('.dot') ? dotLines(dependencies, names) : jsonLines(dependencies));
}

/** An object as JSON; what is in its lists, an item a line. */
function* jsonLines(document: object): Generator<string> {
  let separator = '{';
  for (const [name, value] of Object.entries(document)) {
    yield `${separator}${JSON.stringify(name)}:`;
    if (Array.isArray(value)) yield* listLines(value);
    else yield JSON.stringify(value);
    separator = ',\n';
  }
  yield '}\n';
}

function* listLines(items: readonly unknown[]): Generator<string> {
  yield '[';
  for (const [position, item] of items.entries()) yield `${position === 0 ? '' : ','}\n${JSON.stringify(item)}`;
  yield ']';
}

async function writeParts(path: string, parts: Iterable<string>): Promise<void> {
  await orFileError(path, () => pipeline(Readable.from(gathered(parts)), createWriteStream(path)));
}

function* gathered(parts: Iterable<string>): Generator<string> {
  let text = '';
  for (const part of parts) {
    text += part;
    if (text.length < PART) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** @throws FileError where the file cannot be written. */
export async function writeText(path: string, text: string): Promise<void> {
  await orFileError(path, () => writeFile(path, text));
}

async function orFileError(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    throw new FileError(`error: cannot write ${path}: ${(error as Error).message}`);
  }
}
