import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '../../runtime/errors.js';

/**
 * One process at a time has a directory. The lock is a name that only one socket of the machine can have, and that the system takes back however the process ends, so that nothing stale
 * is left: an abstract socket on Linux, a pipe on Windows. Elsewhere it is a socket in the temporary directory, which stays behind when a process is killed.
 */
export class DirectoryLock {
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  /** @throws StoreError `ERR_STORE_LOCKED` */
  static async take(directory: string): Promise<DirectoryLock> {
    const server = createServer((socket) => socket.destroy());
    const name = createHash('sha256').update(realpathSync(directory)).digest('hex').slice(0, 32);
    await new Promise<void>((resolve, reject) => {
      server.once('error', (cause: NodeJS.ErrnoException) => {
        reject(lockError(directory, cause));
      });
      server.listen(socketPath(name), resolve);
    });
    server.unref();
    return new DirectoryLock(server);
  }

  async release(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

/** What the system says names the socket, by a name that is none for people, and that begins with a NUL on Linux. */
function lockError(directory: string, cause: NodeJS.ErrnoException): StoreError {
  if (cause.code === 'EADDRINUSE') {
    return new StoreError('ERR_STORE_LOCKED', `${directory} is open already, here or in another process`);
  }
  return new StoreError('ERR_STORE_LOCKED', `cannot lock ${directory}: ${cause.code}`);
}

function socketPath(name: string): string {
  if (process.platform === 'linux') return `\0blockstm-${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\blockstm-${name}`;
  return join(tmpdir(), `blockstm-${name}.sock`);
}
