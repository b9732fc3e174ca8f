import { Worker } from 'node:worker_threads';
import { type Remote, wrap } from 'comlink/dist/esm/comlink.mjs';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { StoreError } from '../../runtime/errors.js';
import type { Answer, LmdbWriter, WriterSetup } from './writer.js';

interface Started {
  readonly thread: Worker;
  readonly writer: Remote<LmdbWriter>;
}

/**
 * The thread that writes, as the runtime's own thread sees it. It is started with the first question: a program that only reads a chain goes without, and saves what starting a thread takes, and
 * loading LMDB into it. The first block waits for that where blocks do, behind those who execute. It may die whenever it likes: what is asked of it is then refused, and nobody waits for an answer.
 */
export class WriterThread {
  readonly #setup: WriterSetup;
  #started: Started | undefined;
  /** Of the questions that it has not answered: what refuses each. One promise for all would keep every answer in memory. */
  readonly #asked = new Set<(death: StoreError) => void>();
  #death: StoreError | undefined;

  constructor(setup: WriterSetup) {
    this.#setup = setup;
  }

  /** Whether anything has been asked of it. */
  get isStarted(): boolean {
    return this.#started !== undefined;
  }

  #start(): void {
    const thread = new Worker(new URL('./writer.js', import.meta.url), { name: 'blockstm lmdb', execArgv: [] });
    thread.unref();
    thread.on('error', (cause) => this.#die({ cause })).on('exit', () => this.#die());
    this.#started = { thread, writer: wrap<LmdbWriter>(nodeEndpoint(thread)) };
    // Why the data cannot be opened is its answer to every question; that it could not even be asked is the end of it.
    void this.#wait((writer) => writer.open(this.#setup)).catch((cause) => this.#die({ cause }));
  }

  #die(options?: { cause: unknown }): void {
    const { path } = this.#setup.environment;
    this.#death ??= new StoreError('ERR_STORE', `${path}: the thread that writes it died`, options);
    for (const refuse of this.#asked) refuse(this.#death);
  }

  /** @throws StoreError */
  async ask<Result>(question: (writer: Remote<LmdbWriter>) => Promise<Answer<Result>>): Promise<Result> {
    if (this.#started === undefined) this.#start();
    const answer = await this.#wait(question);
    if ('error' in answer) throw new StoreError(answer.error.code, answer.error.message);
    return answer.result;
  }

  /** The thread is held while it works: nobody else keeps the process from ending. */
  async #wait<Result>(question: (writer: Remote<LmdbWriter>) => Promise<Result>): Promise<Result> {
    if (this.#death !== undefined) throw this.#death;
    const { thread, writer } = this.#started as Started;
    let refuse: (death: StoreError) => void = () => {};
    const death = new Promise<never>((_, reject) => {
      refuse = reject;
    });
    if (this.#asked.size === 0) thread.ref();
    this.#asked.add(refuse);
    try {
      return await Promise.race([question(writer), death]);
    } finally {
      this.#asked.delete(refuse);
      if (this.#asked.size === 0) thread.unref();
    }
  }

  /** Have it finish and end, or be dead. What it has not finished is done when the store is opened again. */
  async close(): Promise<void> {
    if (this.#started === undefined) return;
    await this.#wait((writer) => writer.close()).catch(() => {});
    await this.terminate();
  }

  async terminate(): Promise<void> {
    await this.#started?.thread.terminate();
  }
}
