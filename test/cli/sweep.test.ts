import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveSweep } from '../../dist/bench/index.js';
import { newManifest } from '../../dist/bench/sweep/manifest.js';
import { withDirectory } from '../support/directories.js';
import { schemaProblem } from '../support/schemas.js';
import { writeSwept } from '../support/swept.js';
import { blockstm, blockstmProcess, tamperedBlockstm } from './command.js';

const SPEC = `{
  "schema": "blockstm.sweep/1",
  "workloads": [
    { "workload": "p2p", "params": { "accounts": [2, 100] } },
    { "workload": "hotspot" }
  ],
  "workers": [1, 2],
  "repeats": 3
}
`;

test('what is wrong with a spec is shown where it stands', async () => {
  await withDirectory(async (directory) => {
    const sweep = async (text: string, ...args: readonly string[]) => {
      writeFileSync(join(directory, 'spec.json'), text);
      return blockstm(directory, 'bench', 'sweep', 'spec.json', '--out', 'out', ...args);
    };
    expect(await sweep(SPEC.replace('[2, 100]', '[2, 1e9]'))).toEqual({
      code: 1,
      stdout: '',
      stderr: `spec.json:4:54: error: workloads[0].params.accounts[1]: expected a whole number from 2 to 1,000,000, found 1000000000
 4 |     { "workload": "p2p", "params": { "accounts": [2, 1e9] } },
   |                                                      ^^^
`,
    });
    const { stderr } = await sweep(SPEC.replace('"hotspot"', '"hotpot"'));
    expect(stderr).toMatch(
      /^spec\.json:5:19: error: workloads\[1\]\.workload: expected one of p2p, .*, found "hotpot" \(did you mean hotspot\?\)\n/,
    );
    const json = JSON.parse((await sweep(SPEC.replace('"workers"', '"worker"'), '--json')).stderr);
    expect(json).toMatchObject({
      code: 'ERR_SPEC',
      message: expect.stringMatching(/^worker: unknown field, .*\(did you mean workers\?\)$/),
      problems: [{ file: 'spec.json', line: 7, column: 3 }],
    });
    const noJson = await sweep(SPEC.replace('"repeats": 3', '"repeats": 3,'), '--json');
    expect(JSON.parse(noJson.stderr)).toMatchObject({ code: 'ERR_INPUT' });
    expect((await sweep(SPEC.replace('"repeats": 3', '"repeats": 3,'))).stderr).toMatch(
      /^spec\.json:9:1: error: not JSON: /,
    );
    expect((await sweep(SPEC.replace('"schema": "blockstm.sweep/1",', ''))).stderr).toContain(
      'spec.json:1:1: error: schema: expected "blockstm.sweep/1", found nothing',
    );
    // Nothing of it has been begun.
    expect(readdirSync(directory)).toEqual(['spec.json']);
  });
});

test('everything that is wrong is shown at once, in the order of the file; a name that is wrong is marked itself, one that stands twice at both places', async () => {
  await withDirectory(async (directory) => {
    const spec = `{
  "schema": "blockstm.sweep/1", "worker": 2,
  "workloads": [
    { "workload": "p2p", "params": { "accounts": 1, "acounts": 3, "accounts": 0 } },
    { "workload": "hybird", "params": { "users": 7 } }
  ],
  "seeds": [1, 2.5]
}
`;
    writeFileSync(join(directory, 'spec.json'), spec);
    const args = ['bench', 'sweep', 'spec.json', '--out', 'out'];
    const { code, stdout, stderr } = await blockstm(directory, ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    const places = [...stderr.matchAll(/^spec\.json:(\d+:\d+): error: (.*)$/gm)].map(([, place, said]) => [
      place,
      said,
    ]);
    expect(places).toEqual([
      ['2:33', expect.stringMatching(/^worker: unknown field, .* \(did you mean workers\?\)$/)],
      ['4:53', 'workloads[0].params.acounts: unknown parameter of p2p, expected accounts (did you mean accounts?)'],
      ['4:67', 'workloads[0].params.accounts: the object has this name already, at 4:38'],
      ['4:79', 'workloads[0].params.accounts: expected a whole number from 2 to 1,000,000, found 0'],
      ['5:19', expect.stringMatching(/^workloads\[1\]\.workload: .* found "hybird" \(did you mean hybrid\?\)$/)],
      ['7:16', `seeds[1]: expected a whole number from 0 to 9,007,199,254,740,991, found 2.5`],
    ]);
    expect(stderr).toContain(`
 2 |   "schema": "blockstm.sweep/1", "worker": 2,
   |                                 ^^^^^^^^
`);
    const { problems } = JSON.parse((await blockstm(directory, ...args, '--json')).stderr);
    expect(problems.map(({ line, column }: { line: number; column: number }) => `${line}:${column}`)).toEqual(
      places.map(([place]) => place),
    );
    // Each is counted, and ten are shown.
    const wrong = (count: number): void => {
      const seeds = Array(count).fill(-1);
      const spec = { schema: 'blockstm.sweep/1', workloads: [{ workload: 'p2p' }], seeds };
      writeFileSync(join(directory, 'spec.json'), JSON.stringify(spec));
    };
    wrong(12);
    expect((await blockstm(directory, ...args)).stderr).toMatch(
      /seeds\[9\]: .*\n(.*\n){2}and 2 more errors: --json has all 12\n$/,
    );
    expect(JSON.parse((await blockstm(directory, ...args, '--json')).stderr).problems).toHaveLength(12);
    wrong(100);
    expect((await blockstm(directory, ...args)).stderr).toMatch(/\nand 90 more errors: --json has all 100\n$/);
    // More than are kept.
    wrong(300);
    expect((await blockstm(directory, ...args)).stderr).toMatch(
      /\nand at least 90 more errors: --json has the first 100\n$/,
    );
    expect(JSON.parse((await blockstm(directory, ...args, '--json')).stderr).problems).toHaveLength(100);
  });
});

test('what a sweep would do is listed, and nothing is written', async () => {
  await withDirectory(async (directory) => {
    writeFileSync(join(directory, 'spec.json'), SPEC);
    const args = ['bench', 'sweep', 'spec.json', '--out', 'out', '--dry-run'];
    const { code, stdout, stderr } = await blockstm(directory, ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(6 + 2);
    expect(lines[1]).toBe('p2p accounts=2 block-stm block-size=10000 workers=2');
    expect(lines.at(-1)).toBe(
      '6 cells, 18 runs, 0 finished; some 29 s if a call takes 1 microsecond and a process 1 s to start',
    );
    expect(JSON.parse((await blockstm(directory, ...args, '--json')).stdout)).toMatchObject({
      schema: 'blockstm.sweep-plan/1',
      runs: { finished: 0, planned: 18 },
      isGuess: true,
    });
    expect(readdirSync(directory)).toEqual(['spec.json']);
  });
});

test('parameters that may not be together are refused before anything is run, also where nothing would be', async () => {
  await withDirectory(async (directory) => {
    const params = { clusters: 1_000, families: [1, 5_000] };
    const spec = { schema: 'blockstm.sweep/1', workloads: [{ workload: 'erc20-clusters', params }] };
    writeFileSync(join(directory, 'spec.json'), JSON.stringify(spec));
    for (const more of [['--dry-run'], []]) {
      const { code, stderr } = await blockstm(directory, 'bench', 'sweep', 'spec.json', '--out', 'out', ...more);
      expect(code).toBe(1);
      expect(stderr).toContain(
        'spec.json:1:81: error: workloads[0].params: expected at most 1,000,000 accounts in all, found 1000 clusters x 5000 families x 15 people = 75,000,000\n',
      );
    }
    expect(readdirSync(directory)).toEqual(['spec.json']);
  });
});

test('blocks and workers whose tables no runtime has room for are refused, each where it stands', async () => {
  await withDirectory(async (directory) => {
    const spec = `{
  "schema": "blockstm.sweep/1",
  "workloads": [{ "workload": "nft-mint" }],
  "blockSize": [1000, 262144],
  "workers": [1, 200],
  "blocks": 40
}
`;
    writeFileSync(join(directory, 'spec.json'), spec);
    const { code, stderr } = await blockstm(directory, 'bench', 'sweep', 'spec.json', '--out', 'out', '--dry-run');
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^spec\.json:4:23: error: blockSize\[1\]: expected blocks whose tables fit the 1,024 MiB of a runtime, such as of [\d,]+ calls, found 262,144: with [\d,]+ locations of nft-mint and 1 worker they need [\d,]+ MiB$/m,
    );
    expect(stderr).toMatch(
      /^spec\.json:5:18: error: workers\[1\]: expected at most \d+, whose tables fit the 1,024 MiB of a runtime, found 200: with 1,048,576 locations of nft-mint and 200 workers they need [\d,]+ MiB$/m,
    );
    expect(readdirSync(directory)).toEqual(['spec.json']);
  });
});

test('of a sweep that a difference has ended, and of a directory that has something else, a dry run says what a run would say', async () => {
  await withDirectory(async (directory) => {
    const spec = { schema: 'blockstm.sweep/1', workloads: [{ workload: 'p2p' }], workers: 1, repeats: 3 } as const;
    writeFileSync(join(directory, 'spec.json'), JSON.stringify(spec));
    const args = ['bench', 'sweep', 'spec.json', '--out', 'out'];
    // Of this machine and build: what is found there is a sweep that may be gone on with.
    const { machine, build } = await newManifest(resolveSweep({ ...spec, blocks: 1, warmUp: 0 }), () => {});
    const out = join(directory, 'out');
    writeSwept(out, spec, { finished: 2 });
    const manifest = JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8'));
    writeFileSync(join(out, 'manifest.json'), JSON.stringify({ ...manifest, machine, build: { ...build, flags: [] } }));
    expect((await blockstmProcess(directory, ...args, '--dry-run')).stdout).toMatch(
      /3 runs, 2 finished; some 2 s left, by/,
    );
    mkdirSync(join(out, 'mismatch'));
    const mismatch = { cell: manifest.sweep.cells[0].workload, seed: 1, repeat: 2, difference: 'receipt 1 differs' };
    writeFileSync(join(out, 'mismatch', 'mismatch.json'), JSON.stringify(mismatch));
    const dry = await blockstmProcess(directory, ...args, '--dry-run');
    expect(dry.code).toBe(1);
    expect(dry.stdout).toMatch(/3 runs, 2 finished; a result differed, and no more is run\n$/);
    expect(dry.stderr).toContain(`p2p, seed 1: differs from sequential: receipt 1 differs. The sweep has stopped`);
    const run = await blockstmProcess(directory, ...args);
    expect(run).toMatchObject({ code: dry.code, stderr: dry.stderr });
    const plan = JSON.parse((await blockstmProcess(directory, ...args, '--dry-run', '--json')).stdout);
    expect(schemaProblem(plan)).toBeUndefined();
    expect(plan).toMatchObject({ seconds: 0, isGuess: false, mismatch });
    rmSync(join(out, 'manifest.json'));
    const other = await blockstmProcess(directory, ...args, '--dry-run');
    expect(other).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('has no sweep but other files ('),
    });
    expect(await blockstmProcess(directory, ...args)).toEqual(other);
  });
});

test('runs that fail are named, the others are measured, and the exit code is 1', async () => {
  await withDirectory(async (directory) => {
    const workloads = [{ workload: 'p2p' }, { workload: 'hotspot' }];
    const spec = { schema: 'blockstm.sweep/1', workloads, workers: 1, blockSize: 50, blocks: 1, warmUp: 0, repeats: 2 };
    writeFileSync(join(directory, 'spec.json'), JSON.stringify(spec));
    const args = ['bench', 'sweep', 'spec.json', '--out', 'out', '--json'];
    const { code, stdout, stderr } = await tamperedBlockstm('full', directory, ...args);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({ complete: false, runs: { finished: 2, planned: 4 }, mismatch: null });
    expect(summary.failures).toMatchObject([{ cell: expect.stringMatching(/^p2p /), repeat: 0, code: 'ERR_CAPACITY' }]);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      code: 'ERR_CAPACITY',
      message: expect.stringMatching(
        /^seed 1 of p2p .*: no more room\. All others are finished; the same command tries again$/,
      ),
    });
    // Where nothing keeps them from it, they are finished.
    const again = await tamperedBlockstm('none', directory, ...args);
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(again.stdout)).toMatchObject({ complete: true, failures: [] });
  });
});

test('a report of what is no sweep, or has no run yet, is refused', async () => {
  await withDirectory(async (directory) => {
    const report = async (of: string) => (await blockstm(directory, 'bench', 'report', of)).stderr;
    expect(await report('none')).toBe('error (ERR_SWEEP): none has no sweep: it does not exist\n');
    expect(await report('.')).toBe('error (ERR_SWEEP): . has no sweep: it has no manifest.json\n');
    const spec = { schema: 'blockstm.sweep/1', workloads: [{ workload: 'p2p' }] } as const;
    writeSwept(join(directory, 'begun'), spec, { finished: 0 });
    expect(await report('begun')).toBe('error (ERR_SWEEP): begun: no run of the sweep is finished yet\n');
    writeSwept(join(directory, 'bad'), spec, { finished: 2 });
    writeFileSync(join(directory, 'bad', 'manifest.json'), '{}');
    expect(await report('bad')).toBe(
      `error (ERR_SWEEP): ${join('bad', 'manifest.json')}: not the manifest of a sweep: expected the schema "blockstm.sweep-manifest/1"\n`,
    );
    expect(readdirSync(join(directory, 'bad'))).toEqual(['manifest.json', 'runs.jsonl', 'sessions.jsonl']);
  });
});

test.skipIf(process.platform !== 'linux')('a sweep ends where no directory can be', async () => {
  await withDirectory(async (directory) => {
    writeFileSync(join(directory, 'spec.json'), SPEC);
    const { code, stderr } = await blockstm(directory, 'bench', 'sweep', 'spec.json', '--out', '/proc/none/here');
    expect(stderr).toContain('cannot make /proc/none/here: ENOENT');
    expect(code).toBe(1);
  });
});
