import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDirectory, removeMade } from '../store/made-directory.js';
import { FileError } from './json-field.js';

// From dist/host/cli, where this file is built to.
const template = fileURLToPath(new URL('../../../templates/project/', import.meta.url));

/** npm leaves a file of the right name out of a package. */
const RENAMED: ReadonlyMap<string, string> = new Map([['gitignore', '.gitignore']]);

/** What a new directory may have already. */
const IGNORED: readonly string[] = ['.git'];

const NAMES_SHOWN = 3;

/**
 * Puts a new project into a directory, which is made where it is not there.
 * @param version of this package, which the project depends on.
 * @returns the files, as paths within it.
 * @throws FileError where the directory is not empty; then, and where a file cannot be written, nothing is left.
 */
export async function writeProject(directory: string, version: string): Promise<readonly string[]> {
  await refuseFull(directory);
  let made: readonly string[] | undefined;
  try {
    made = makeDirectory(directory);
    const names = (await readdir(template)).sort();
    for (const name of names) {
      const path = join(directory, RENAMED.get(name) ?? name);
      await cp(join(template, name), path, { recursive: true, force: false, errorOnExist: true });
    }
    await writeManifest(directory, version);
    return names.map((name) => RENAMED.get(name) ?? name);
  } catch (cause) {
    if (made !== undefined) await removeProject(directory, made);
    throw new FileError(`error: cannot make a project in ${directory}: ${(cause as Error).message}`);
  }
}

async function refuseFull(directory: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new FileError(`error: cannot read ${directory}: ${message}`);
  }
  const found = names.filter((name) => !IGNORED.includes(name)).sort();
  if (found.length === 0) return;
  const shown = found.slice(0, NAMES_SHOWN).join(', ');
  const rest = found.length > NAMES_SHOWN ? ` and ${found.length - NAMES_SHOWN} more` : '';
  throw new FileError(
    `error: ${directory} is not empty, it has ${shown}${rest}: init needs a new or an empty directory`,
  );
}

async function writeManifest(directory: string, version: string): Promise<void> {
  const path = join(directory, 'package.json');
  const manifest = JSON.parse(await readFile(path, 'utf8')) as {
    name: string;
    devDependencies: Record<string, string>;
  };
  manifest.name = packageName(directory);
  manifest.devDependencies.blockstm = `^${version}`;
  await writeFile(path, `${JSON.stringify(manifest, undefined, 2)}\n`);
}

/** The directory's name, with what npm does not take left out. */
function packageName(directory: string): string {
  const name = basename(resolve(directory))
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+/, '');
  return name === '' ? 'contracts' : name;
}

/** @param made - directories that were not there before. */
async function removeProject(directory: string, made: readonly string[]): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!IGNORED.includes(name)) await rm(join(directory, name), { recursive: true, force: true });
  }
  removeMade(made);
}
