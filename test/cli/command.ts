import { type ChildProcess, execFile, fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const command = fileURLToPath(new URL('../../dist/host/cli/main.js', import.meta.url));
const commandServer = fileURLToPath(new URL('./command-server.js', import.meta.url));
const tamperedRuntime = new URL('./tampered-runtime.js', import.meta.url).href;

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let server: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/** Run `blockstm` in a process that has run others, which takes a tenth of the time: see command-server.js. */
export function blockstm(directory: string, ...args: readonly string[]): Promise<Finished> {
  const finished = last.then(() => ask({ directory, args }));
  last = finished.catch(() => {});
  return finished;
}

function ask(request: { directory: string; args: readonly string[] }): Promise<Finished> {
  return new Promise((resolve, reject) => {
    server ??= startServer();
    const asked = server;
    const ended = (code: number | null, signal: string | null): void =>
      reject(new Error(`blockstm ${request.args.join(' ')}: the process ended by ${signal ?? code}`));
    asked.once('exit', ended);
    asked.once('message', (finished) => {
      asked.off('exit', ended);
      resolve(finished as Finished);
    });
    asked.send(request);
  });
}

/** It ends with this process, and does not keep it. */
function startServer(): ChildProcess {
  const started = fork(commandServer, {
    execArgv: ['--max-semi-space-size=64'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  started.once('exit', () => {
    server = undefined;
  });
  started.unref();
  started.channel?.unref();
  return started;
}

/** Run it as a process of its own. */
export function blockstmProcess(directory: string, ...args: readonly string[]): Promise<Finished> {
  return runNode([command, ...args], { cwd: directory });
}

/** Run the one of another copy of the package. */
export function blockstmOf(copy: string, directory: string, ...args: readonly string[]): Promise<Finished> {
  return runNode([join(copy, 'dist/host/cli/main.js'), ...args], { cwd: directory });
}

/** Run it with an executor that gives wrong results, see tampered-runtime.js. */
export function tamperedBlockstm(tamper: string, directory: string, ...args: readonly string[]): Promise<Finished> {
  const env = { ...process.env, TAMPER: tamper };
  return runNode(['--import', tamperedRuntime, command, ...args], { cwd: directory, env });
}

function runNode(args: readonly string[], options: { cwd: string; env?: NodeJS.ProcessEnv }): Promise<Finished> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, options, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}
