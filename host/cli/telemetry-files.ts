import { writeFile } from 'node:fs/promises';
import { type BlockTelemetry, type CallNames, type ContractNames, dependencyDot } from '../index.js';
import { FileError } from './json-field.js';

/** Where a block's timeline and graph go. */
export interface TelemetryFiles {
  readonly trace?: string;
  readonly graph?: string;
}

/** @throws FileError where the name of the graph's file does not say which of the two forms it has. */
export function refuseUnknownGraph({ graph }: TelemetryFiles): void {
  if (graph === undefined || /\.(dot|json)$/.test(graph)) return;
  throw new FileError(`error: --graph ${graph}: expected a name that ends in .dot or .json`);
}

/** @throws FileError where a file cannot be written. */
export async function writeTelemetry(
  telemetry: BlockTelemetry,
  { trace, graph }: TelemetryFiles,
  names: CallNames,
  contracts: ContractNames,
): Promise<void> {
  if (trace !== undefined) await writeText(trace, `${JSON.stringify(telemetry.trace(names, contracts))}\n`);
  if (graph === undefined) return;
  const dependencies = telemetry.dependencies(contracts);
  await writeText(
    graph,
    graph.endsWith('.dot') ? dependencyDot(dependencies, names) : `${JSON.stringify(dependencies)}\n`,
  );
}

/** @throws FileError where the file cannot be written. */
export async function writeText(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    throw new FileError(`error: cannot write ${path}: ${(error as Error).message}`);
  }
}
