import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArtifacts } from './artifacts.js';
import { withPlaces } from './contract-code.js';
import { contractsIn, OUT, SOURCES } from './contract-files.js';
import { clearProgress, showProgress } from './progress.js';

/**
 * Write the typed client of every contract of the project in the current directory, for its tests to import, where it is not what is there. What is compiled for that, the tests do not compile
 * again.
 * @throws CompileError, FileError
 */
export async function writeClients(): Promise<void> {
  const files = await contractsIn(SOURCES).catch(() => []);
  if (files.length === 0) return;
  const { compileCached } = await import('../testing/compile-cache.js');
  for (const file of files) {
    showProgress(`compiling ${file}`);
    const { client, interface: described } = await withPlaces(file, () => compileCached(file));
    const name = `${described.name}.client.ts`;
    const there = await readFile(join(OUT, name), 'utf8').catch(() => undefined);
    if (there !== client) await writeArtifacts(OUT, [{ name, content: client }]);
  }
  clearProgress();
}
