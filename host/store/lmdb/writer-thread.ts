import { Worker } from 'node:worker_threads';
import { type Remote, wrap } from 'comlink/dist/esm/comlink.mjs';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { StoreError } from '../../runtime/errors.js';
import type { Answer, LmdbWriter } from './writer.js';

/** The thread that writes, as the runtime's own thread sees it. It may die whenever it likes: what is asked of it is then refused, and nobody waits for an answer. */
export class WriterThread {
  readonly #directory: string;
  readonly #thread = new Worker(new URL('./writer.js', import.meta.url), { name: 'blockstm lmdb', execArgv: [] });
  readonly #writer = wrap<LmdbWriter>(nodeEndpoint(this.#thread));
  /** Of the questions that it has not answered: what refuses each. One promise for all would keep every answer in memory. */
  readonly #asked = new Set<(death: StoreError) => void>();
  #death: StoreError | undefined;

  constructor(directory: string) {
    this.#directory = directory;
    this.#thread.unref();
    this.#thread.on('error', (cause) => this.#die({ cause })).on('exit', () => this.#die());
  }

  #die(options?: { cause: unknown }): void {
    this.#death ??= new StoreError('ERR_STORE', `${this.#directory}: the thread that writes it died`, options);
    for (const refuse of this.#asked) refuse(this.#death);
  }

  /** @throws StoreError */
  async ask<Result>(question: (writer: Remote<LmdbWriter>) => Promise<Answer<Result>>): Promise<Result> {
    const answer = await this.#wait(question);
    if ('error' in answer) throw new StoreError(answer.error.code, answer.error.message);
    return answer.result;
  }

  /** The thread is held while it works: nobody else keeps the process from ending. */
  async #wait<Result>(question: (writer: Remote<LmdbWriter>) => Promise<Result>): Promise<Result> {
    if (this.#death !== undefined) throw this.#death;
    let refuse: (death: StoreError) => void = () => {};
    const death = new Promise<never>((_, reject) => {
      refuse = reject;
    });
    if (this.#asked.size === 0) this.#thread.ref();
    this.#asked.add(refuse);
    try {
      return await Promise.race([question(this.#writer), death]);
    } finally {
      this.#asked.delete(refuse);
      if (this.#asked.size === 0) this.#thread.unref();
    }
  }

  /** Have it finish and end, or be dead. What it has not finished is done when the store is opened again. */
  async close(): Promise<void> {
    await this.#wait((writer) => writer.close()).catch(() => {});
    await this.terminate();
  }

  async terminate(): Promise<void> {
    await this.#thread.terminate();
  }
}
