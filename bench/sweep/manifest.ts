import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { plural } from '../report.js';
import type { Progress } from '../runner.js';
import { type BlockHashes, hashBlocks } from './block-hashes.js';
import { type BuildIdentity, buildIdentity } from './build-identity.js';
import { fileError, SweepError } from './errors.js';
import { type Machine, machine } from './machine.js';
import type { Sweep } from './spec.js';
import { sweepCellName } from './sweep-cell.js';

/** Differences between two sweeps that a message names. */
const DIFFERENCES_SHOWN = 10;

/** What a sweep is and where it runs: `manifest.json`, written before the first run and never changed. What processes that go on with it find is in the `SessionRecord` of each. */
export interface SweepManifest {
  readonly schema: 'blockstm.sweep-manifest/1';
  /** By ISO 8601. */
  readonly begun: string;
  readonly machine: Machine;
  readonly build: BuildIdentity;
  /** The spec, everything filled in. */
  readonly sweep: Sweep;
  readonly blocks: readonly BlockHashes[];
}

/** @throws as `hashBlocks`. */
export async function newManifest(sweep: Sweep, progress: Progress, signal?: AbortSignal): Promise<SweepManifest> {
  return {
    schema: 'blockstm.sweep-manifest/1',
    begun: new Date().toISOString(),
    machine: machine(),
    build: buildIdentity(),
    sweep,
    blocks: await hashBlocks(sweep, progress, signal),
  };
}

/** Undefined where there is none. @throws SweepError where it cannot be read or is none. */
export function readManifest(path: string): SweepManifest | undefined {
  if (!existsSync(path)) return undefined;
  let manifest: SweepManifest;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8')) as SweepManifest;
  } catch (error) {
    throw fileError(error, `cannot read ${path}`);
  }
  if (manifest?.schema === 'blockstm.sweep-manifest/1') return manifest;
  throw new SweepError(
    'ERR_SWEEP',
    `${path}: not the manifest of a sweep: expected the schema "blockstm.sweep-manifest/1"`,
  );
}

/**
 * Runs of one sweep are compared with one another: they have to be of one spec, one machine, one program and one table of costs.
 * @throws SweepError `ERR_SWEEP_OTHER` naming all that is different, up to `DIFFERENCES_SHOWN`.
 */
export function refuseOther(manifest: SweepManifest, wanted: Sweep, directory: string): void {
  const { sweep, machine: its, build } = manifest;
  const current = machine();
  const now = buildIdentity();
  const differences = [
    ...settingDifferences(sweep, wanted),
    differs('the cpu', its.cpu, current.cpu),
    differs('the number of cores', its.cores, current.cores),
    differs('Node', build.node, now.node),
    differs('the flags', build.flags.join(' '), now.flags.join(' ')),
    differs('the commit', build.commit, build.built === now.built ? build.commit : now.commit),
    differs('what is built', build.built.slice(0, 12), now.built.slice(0, 12)),
    differs('the cost table', hashCosts(sweep), hashCosts(wanted)),
    // They may be many.
    ...cellDifferences(sweep, wanted),
  ].filter((difference) => difference !== undefined);
  if (differences.length > 0) throw other(directory, differences);
}

/**
 * And they have to be of the same blocks, as the workloads make them now.
 * @throws SweepError `ERR_SWEEP_OTHER`; AbortError.
 */
export async function refuseOtherBlocks(
  { sweep, blocks }: SweepManifest,
  directory: string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<void> {
  const now = await hashBlocks(sweep, progress, signal);
  for (const [point, { workload, seed, firstBlock, sha256 }] of now.entries()) {
    const its = blocks[point]?.sha256;
    for (const [index, hash] of sha256.entries()) {
      const what = `block ${firstBlock + index} of ${workload}, seed ${seed},`;
      const difference = differs(what, its?.[index]?.slice(0, 12), hash.slice(0, 12));
      if (difference !== undefined) throw other(directory, [difference]);
    }
  }
}

function other(directory: string, differences: readonly string[]): SweepError {
  const advice = 'Its runs cannot be compared with these: choose another directory';
  const shown = differences.slice(0, DIFFERENCES_SHOWN);
  const rest = differences.length - shown.length;
  if (rest > 0) shown.push(`and ${plural(rest, 'more difference')}`);
  const what =
    shown.length === 1 ? `: ${shown[0]}. ${advice}` : `. ${advice}${shown.map((each) => `\n  ${each}`).join('')}`;
  return new SweepError('ERR_SWEEP_OTHER', `${directory} has another sweep${what}`);
}

function hashCosts({ costTable }: Sweep): string {
  return createHash('sha256').update(JSON.stringify(costTable)).digest('hex').slice(0, 12);
}

function settingDifferences(its: Sweep, wanted: Sweep): (string | undefined)[] {
  return [
    differs('repeats', its.repeats, wanted.repeats),
    differs('blocks', its.blocks, wanted.blocks),
    differs('warmUp', its.warmUp, wanted.warmUp),
    differs('stats', its.stats, wanted.stats),
    differs('seeds', its.seeds.join(', '), wanted.seeds.join(', ')),
    differs('orderSeed', its.orderSeed, wanted.orderSeed),
    differs('cores', its.cores, wanted.cores),
  ];
}

function cellDifferences(its: Sweep, wanted: Sweep): string[] {
  const names = (sweep: Sweep): Set<string> => new Set(sweep.cells.map(sweepCellName));
  const [known, asked] = [names(its), names(wanted)];
  return [
    ...[...known].filter((name) => !asked.has(name)).map((name) => `the spec has no cell "${name}" any more`),
    ...[...asked].filter((name) => !known.has(name)).map((name) => `the spec has a new cell "${name}"`),
  ];
}

function differs(what: string, was: unknown, is: unknown): string | undefined {
  return was === is ? undefined : `${what} was ${was}, and is ${is} now`;
}
