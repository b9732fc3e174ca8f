import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

interface Report {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { title: string; status: string; failureMessages: string[] }[];
  }[];
}

/** A folder for the projects of a test's authors: inside the package, so that `blockstm` means this one. */
export function authorFolder(name: string): string {
  return fileURLToPath(new URL(`../../dist/${name}/`, import.meta.url));
}

/** Run the tests in a folder of these files as their author would. */
export async function runTests(directory: string, files: Readonly<Record<string, string>>): Promise<Report> {
  await rm(directory, { recursive: true, force: true });
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, file)), { recursive: true });
    await writeFile(join(directory, file), text);
  }
  const report = join(directory, 'report.json');
  // Not what this run of vitest has told itself.
  const env = Object.fromEntries(Object.entries(process.env).filter(([variable]) => !variable.startsWith('VITEST')));
  const reporting = ['--reporter', 'json', '--outputFile', report, '--testTimeout', '120000'];
  const args = [vitest, 'run', '--root', directory, ...reporting];
  await promisify(execFile)(process.execPath, args, { cwd: directory, env }).catch(() => {});
  return JSON.parse(await readFile(report, 'utf8'));
}

/** What each test came to; failures with what was wrong. And what was wrong with a file as a whole. */
export function outcomes({ testResults }: Report): string[] {
  return testResults.flatMap(({ assertionResults, message }) => [
    ...assertionResults.map(({ title, status, failureMessages }) => [title, status, ...failureMessages].join('\n')),
    ...(message === '' ? [] : [message]),
  ]);
}
