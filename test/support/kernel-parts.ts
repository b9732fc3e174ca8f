import asc from 'assemblyscript/asc';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('../../assembly/kernel/', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** Compile some files of the kernel by themselves, all that they export exported, over a fresh memory of `pages` pages. */
export async function kernelParts<Exports>(
  files: readonly string[],
  pages: number,
): Promise<{ readonly exports: Exports; readonly memory: WebAssembly.Memory }> {
  const { error, stderr, binary } = await compileToMemory(files.map((file) => `${FOLDER}${file}.ts`));
  if (binary === undefined) throw new Error(`${error}\n${stderr}`);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { instance } = await WebAssembly.instantiate(binary as Uint8Array<ArrayBuffer>, { env: { memory } });
  return { exports: instance.exports as Exports, memory };
}

async function compileToMemory(paths: readonly string[]): Promise<{ error: unknown; stderr: string; binary: Uint8Array | undefined }> {
  let binary: Uint8Array | undefined;
  const options = ['--config', `${REPOSITORY}asconfig.json`, '--target', 'kernel', '--outFile', 'parts.wasm'];
  const { error, stderr } = await asc.main([...paths, ...options], {
    writeFile: (_name, contents) => {
      if (contents instanceof Uint8Array) binary = contents;
    },
  });
  return { error, stderr: stderr.toString(), binary };
}
