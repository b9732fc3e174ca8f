// The trace of a block in a viewer that others wrote: speedscope, from its package, as a file and without a network.

import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ChromeTrace } from '../../dist/host/index.js';
import { blockstm } from '../cli/command.js';
import { jsonLines } from '../cli/run-directory.js';
import { untilCounted } from '../support/contention.js';
import { launchBrowser, openFile } from './browser.js';

const compute = fileURLToPath(new URL('../../dist/contracts/compute.wasm', import.meta.url));
const viewer = fileURLToPath(new URL('../../node_modules/speedscope/dist/release/index.html', import.meta.url));
const PEOPLE = ['alice', 'bob', 'carol', 'dave'];
const CALLS = 300;

/** What speedscope says when all is well, and its browser of a machine without a graphics card. */
const GREETINGS =
  /^(speedscope v|WebGL initialized|\[\.WebGL-.*ReadPixels$|Importing as Trace Event Format|import: |Saving )/;

/** What speedscope exports: of each profile when frames are opened and closed. */
interface Exported {
  readonly shared: { readonly frames: readonly { readonly name: string }[] };
  readonly profiles: readonly {
    readonly name: string;
    readonly unit: string;
    readonly events: readonly { readonly type: 'O' | 'C'; readonly frame: number; readonly at: number }[];
  }[];
}

let browser: Browser;
let directory: string;
beforeAll(async () => {
  browser = await launchBrowser();
  directory = await mkdtemp(join(tmpdir(), 'blockstm-speedscope-'));
  await copyFile(compute, join(directory, 'compute.wasm'));
  const mint = (to: string) => ({ sender: to, contract: 'pay', method: 'mint', args: { to, amount: 1_000_000 } });
  const contracts = [{ name: 'pay', wasm: 'compute.wasm' }];
  const genesis = { schema: 'blockstm.genesis/1', contracts, calls: PEOPLE.map(mint) };
  await writeFile(join(directory, 'genesis.json'), JSON.stringify(genesis));
  const calls = Array.from({ length: CALLS }, (_, index) => {
    const [sender, to] = [PEOPLE[index % 4], PEOPLE[(index * 7 + 1) % 4]];
    return { sender, contract: 'pay', method: 'transfer', args: { to, amount: 1, rounds: 20_000 } };
  });
  await writeFile(join(directory, 'block.jsonl'), jsonLines(calls));
});
afterAll(async () => {
  await browser?.close();
  if (directory !== undefined) await rm(directory, { recursive: true });
});

/** A block in which calls were aborted, as `run --trace` writes it. */
async function contendedTrace(): Promise<ChromeTrace> {
  const args = ['block.jsonl', '--genesis', 'genesis.json', '--executor', 'block-stm', '--workers', '3'];
  await untilCounted(1, async () => {
    const { code, stdout, stderr } = await blockstm(directory, 'run', ...args, '--trace', 'trace.json', '--json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout).aborts;
  });
  return JSON.parse(await readFile(join(directory, 'trace.json'), 'utf8'));
}

test('speedscope opens it without a complaint, with a profile for each worker and every slice at its time', async () => {
  const { traceEvents } = await contendedTrace();
  const { page, complaints, requests } = await openFile(browser, viewer, { width: 1_200 });
  await page.locator('input[type=file]').setInputFiles(join(directory, 'trace.json'));
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByText('Export').click()]);
  const { shared, profiles }: Exported = JSON.parse(await readFile(await download.path(), 'utf8'));
  expect(complaints.filter((text) => !GREETINGS.test(text))).toEqual([]);
  const home = pathToFileURL(join(viewer, '..')).href;
  expect(requests.filter((url) => !url.startsWith(home))).toEqual([]);

  const slices = traceEvents.filter(({ ph }) => ph === 'X');
  // A worker that came too late for anything has no profile.
  const worked = new Set(slices.map(({ tid }) => tid));
  const lanes = traceEvents.filter(({ name, tid }) => name === 'thread_name' && worked.has(tid));
  expect(profiles.map(({ name, unit }) => [name, unit])).toEqual(
    lanes.map(({ tid, args }) => [`block (pid 1), ${args?.name} (tid ${tid})`, 'microseconds']),
  );
  for (const [index, { tid }] of lanes.entries()) {
    const own = slices.filter((slice) => slice.tid === tid);
    // It names a frame by the slice's name and its arguments, and counts from the lane's first one.
    const first = own[0]?.ts as number;
    const expected = own.map(({ name, args, ts, dur = 0 }) => ({
      name: args === undefined ? name : `${name} ${JSON.stringify(args)}`,
      from: ts - first,
      to: ts + dur - first,
    }));
    expect(shown(profiles[index]?.events ?? [], shared.frames)).toEqual(joined(expected));
  }
  expect(slices.filter(({ cat }) => cat === 'execution').length).toBeGreaterThan(CALLS);
  expect(await page.locator('body').innerText()).toContain('block (pid 1), worker 0 (tid 1)');
  await page.context().close();
});

interface Frame {
  readonly name: string;
  readonly from: number;
  to: number;
}

/** It shows one frame where the same one begins when it ends: a call that is validated twice in a row. */
function joined(frames: readonly Frame[]): Frame[] {
  const whole: Frame[] = [];
  for (const frame of frames) {
    const last = whole.at(-1);
    if (last?.name === frame.name && last.to === frame.from) last.to = frame.to;
    else whole.push({ ...frame });
  }
  return whole;
}

/** Frames with their times, in the order in which they were opened. */
function shown(events: Exported['profiles'][number]['events'], frames: Exported['shared']['frames']): Frame[] {
  const opened: Frame[] = [];
  const stack: Frame[] = [];
  for (const { type, frame, at } of events) {
    const name = frames[frame]?.name as string;
    if (type === 'O') {
      const slice = { name, from: at, to: Number.NaN };
      opened.push(slice);
      stack.push(slice);
    } else {
      const slice = stack.pop();
      expect(slice?.name).toBe(name);
      if (slice !== undefined) slice.to = at;
    }
  }
  return opened;
}
