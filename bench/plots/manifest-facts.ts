import { plural } from '../report.js';
import type { CostTable } from '../simulation/cost-table.js';
import type { Cgroup } from '../sweep/cgroup.js';
import type { SweepManifest } from '../sweep/manifest.js';
import type { SessionRecord } from '../sweep/session.js';

const UNKNOWN = 'not known';

/** A name, and what is to be said of it. */
export type Fact = readonly [name: string, text: string];

/** Where and how a sweep was measured, and by how many processes after one another. */
export function manifestFacts(manifest: SweepManifest, sessions: readonly SessionRecord[]): Fact[] {
  const { begun, machine, build, sweep } = manifest;
  return [
    ['begun', begun],
    ['processor', `${machine.cpu}, ${machine.cpus} of them, ${machine.cores} to be used`],
    ['governor', machine.governor ?? UNKNOWN],
    ['memory', gibibytes(machine.memoryBytes)],
    ['cgroup', cgroupText(machine.cgroup)],
    ['load before', machine.load.toFixed(2)],
    ['kernel', machine.kernel],
    ['Node, V8', `${build.node}, ${build.v8}, flags: ${build.flags.join(' ') || 'none'}`],
    ['blockstm', `${build.version}, ${commitText(build)}`],
    ['built files', `SHA-256 ${build.built}`],
    ['lock file', build.lockFile === null ? UNKNOWN : `SHA-256 ${build.lockFile}`],
    ...(sweep.costTable === null ? [] : [['cost table', costText(sweep.costTable)] as const]),
    ['seeds', `${sweep.seeds.join(', ')}; of the order ${sweep.orderSeed}`],
    [
      'a run',
      `${plural(sweep.blocks, 'block')} after ${plural(sweep.warmUp, 'call')} of warm-up, in a process of its own; ${sweep.repeats} of each cell and seed, in random order${sweep.stats ? '; with telemetry' : ''}`,
    ],
    ...sessions.map(
      (session, index): Fact => [`session ${index + 1}`, sessionText(session, sessions[index - 1], manifest)],
    ),
  ];
}

/** Times of a virtual clock are of this machine, and not of the one that ran it. */
function costText({ machine, measured }: CostTable): string {
  return measured === undefined ? machine : `${machine}, measured ${measured.begun}`;
}

/** What every session has of its own, and what the machine had otherwise than when the sweep began. */
function sessionText(
  session: SessionRecord,
  before: SessionRecord | undefined,
  { machine: first, build }: SweepManifest,
): string {
  const { begun, finishedRuns, process, machine, freeMemoryBytes } = session;
  const free = `${gibibytes(freeMemoryBytes)} of memory free`;
  const restarted = before !== undefined && before.process.boot !== process.boot;
  const changed = [
    differs('governor', first.governor ?? UNKNOWN, machine.governor ?? UNKNOWN),
    differs('memory', gibibytes(first.memoryBytes), gibibytes(machine.memoryBytes)),
    differs('cgroup', cgroupText(first.cgroup), cgroupText(machine.cgroup)),
    differs('kernel', first.kernel, machine.kernel),
    differs('blockstm', commitText(build), commitText(session.build)),
    differs('V8', build.v8, session.build.v8),
    differs('lock file', build.lockFile ?? UNKNOWN, session.build.lockFile ?? UNKNOWN),
  ].flatMap((each) => each ?? []);
  return [
    `${begun}, after ${plural(finishedRuns, 'run')}`,
    `load ${machine.load.toFixed(2)}`,
    free,
    `process ${process.pid} on ${process.host}${restarted ? ', which was started again since the session before' : ''}`,
    ...changed,
  ].join('; ');
}

function differs(name: string, was: string, is: string): string | undefined {
  return was === is ? undefined : `${name} was ${was} at the beginning, and is ${is}`;
}

function cgroupText(cgroup: Cgroup | null): string {
  if (cgroup === null) return UNKNOWN;
  const { version, path, cpuMax, memoryMax, cpuset } = cgroup;
  return `version ${version}, ${path}; least limits from there up: cpu.max ${cpuMax ?? UNKNOWN}, memory.max ${memoryMax ?? UNKNOWN}, processors ${cpuset ?? UNKNOWN}`;
}

function commitText({ commit, dirty }: SweepManifest['build']): string {
  return `commit ${commit ?? UNKNOWN}${dirty ? ', with changes that were not committed' : ''}`;
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
