import * as asc from 'assemblyscript/asc';

/** What AssemblyScript's own command makes of a file: a module that need not be a contract, and its source map with the text in it. */
export async function compilePlain(file: string, source: string): Promise<{ wasm: Uint8Array; sourceMap: string }> {
  const written = new Map<string, string | Uint8Array>();
  const { error, stderr } = await asc.main(
    [file, '--outFile', 'out.wasm', '--sourceMap', '--debug', '-O3', '--runtime', 'stub', '--use', 'abort='],
    {
      readFile: (name) => (name === file ? source : null),
      writeFile: (name, content) => {
        written.set(name, content);
      },
      listFiles: () => [],
    },
  );
  if (error !== null) throw new Error(stderr.toString(), { cause: error });
  const map = JSON.parse(written.get('out.wasm.map') as string) as { sources: string[] };
  const sourcesContent = map.sources.map((name) => (name === file ? source : null));
  return { wasm: written.get('out.wasm') as Uint8Array, sourceMap: JSON.stringify({ ...map, sourcesContent }) };
}
