import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('./chain-writer.js', import.meta.url));

export type WriterMode = 'awaited' | 'pipelined';

/** What a process that writes a chain has said before it was killed: 0 where it has said nothing of the kind. */
export interface LastWords {
  readonly durable: bigint;
  readonly executed: bigint;
  readonly lines: readonly string[];
}

/** Have a process write the chain in `directory`, and kill it so many milliseconds after it has said so many lines; each is said at some moment of a block's way. */
export async function killedWriter(
  directory: string,
  mode: WriterMode,
  seed: number,
  afterLines: number,
  afterMs: number,
): Promise<LastWords> {
  const child = spawn(process.execPath, [script, JSON.stringify({ directory, mode, seed })], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const errors: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const killIfDue = (): void => {
    if (lines.length === afterLines) timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
  };
  killIfDue();
  const read = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      killIfDue();
    }
  })();
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const signal = await new Promise((resolve) => child.once('close', (_, by) => resolve(by)));
  clearTimeout(timer);
  await read;
  if (signal !== 'SIGKILL') throw new Error(`the writer ended by itself: ${errors.join('')}`);
  return { durable: last(lines, 'durable'), executed: last(lines, 'executed'), lines };
}

function last(lines: readonly string[], what: string): bigint {
  const line = lines.findLast((each) => each.startsWith(`${what} `));
  return BigInt(line?.slice(what.length + 1) ?? 0);
}
