import * as v from 'valibot';
import type { ClientTypes } from '../contract/client.js';
import { ClientContract } from './client-contract.js';
import { CapacityError } from './errors.js';
import { anAddress, options, resolve } from './option-schema.js';
import type { ChainEvent, EventFilter } from './runtime-interface.js';
import type { TypedChainEvent, TypedEventFilter } from './typed.js';
import type { BlockResult } from './types.js';

type TypedChain = TypedChainEvent<ClientTypes>;

const filterSchema = options({
  contract: v.optional(
    v.union([anAddress, v.instance(ClientContract)], 'the 32 bytes of an address, or a typed contract'),
  ),
  topic: v.optional(v.union([v.string(), v.instance(Uint8Array)], 'a string or a Uint8Array')),
});

/** Blocks that a subscriber may be behind. */
const BACKLOG_MAX = 1024;

/** What one subscriber has not taken yet. */
class Backlog {
  #results: BlockResult[] = [];
  #wake: () => void = () => {};
  #isEnded = false;
  #isOverrun = false;

  /** Returns whether it goes on. What is not taken is dropped when there is too much of it. */
  push(result: BlockResult): boolean {
    this.#isOverrun = this.#results.length === BACKLOG_MAX;
    if (this.#isOverrun) this.#results = [];
    else this.#results.push(result);
    this.#wake();
    return !this.#isOverrun;
  }

  end(): void {
    this.#isEnded = true;
    this.#wake();
  }

  /** Undefined at the end. @throws CapacityError where the subscriber has fallen too far behind. */
  async take(): Promise<BlockResult | undefined> {
    while (this.#results.length === 0 && !this.#isEnded && !this.#isOverrun) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#isOverrun) {
      throw new CapacityError('subscribe', `subscribe: more than ${BACKLOG_MAX} blocks were executed and not taken`);
    }
    return this.#results.shift();
  }
}

/** Whoever follows the blocks of a runtime as they are executed. */
export class Subscriptions {
  readonly #backlogs = new Set<Backlog>();

  publish(result: BlockResult): void {
    for (const backlog of this.#backlogs) {
      if (!backlog.push(result)) this.#backlogs.delete(backlog);
    }
  }

  /** What has been executed is still given out. */
  end(): void {
    for (const backlog of this.#backlogs) backlog.end();
  }

  /** From now on, not from the first `next` on. */
  blocks(): AsyncIterableIterator<BlockResult> {
    const backlog = new Backlog();
    this.#backlogs.add(backlog);
    return closing(blocksOf(backlog), () => {
      this.#backlogs.delete(backlog);
      backlog.end();
    });
  }

  /** @throws MisuseError `ERR_OPTION` */
  events(filter: EventFilter | TypedEventFilter<ClientTypes>): AsyncIterableIterator<ChainEvent | TypedChain> {
    const { contract, topic } = resolve('subscribe', filterSchema, filter);
    const bytes = typeof topic === 'string' ? new TextEncoder().encode(topic) : topic;
    const blocks = this.blocks();
    const isTyped = contract instanceof ClientContract;
    const events = eventsOf(blocks, isTyped ? contract.address : contract, bytes);
    return closing<ChainEvent | TypedChain>(
      isTyped ? typedEventsOf(events, contract) : events,
      () => void blocks.return?.(),
    );
  }
}

/** `items`, and `close` when they are not wanted any more, also where nobody has begun to take them. */
function closing<Item>(items: AsyncGenerator<Item, void, undefined>, close: () => void): AsyncIterableIterator<Item> {
  return {
    next: () => items.next(),
    return: () => {
      close();
      return items.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function* blocksOf(backlog: Backlog): AsyncGenerator<BlockResult, void, undefined> {
  for (let result = await backlog.take(); result !== undefined; result = await backlog.take()) yield result;
}

async function* eventsOf(
  blocks: AsyncIterable<BlockResult>,
  contract: Uint8Array | undefined,
  topic: Uint8Array | undefined,
): AsyncGenerator<ChainEvent, void, undefined> {
  for await (const { height, receipts } of blocks) {
    for (const { index, events } of receipts) {
      for (const event of events) {
        if (contract !== undefined && Buffer.compare(contract, event.contract) !== 0) continue;
        if (topic !== undefined && Buffer.compare(topic, event.topic) !== 0) continue;
        yield { height, index, ...event };
      }
    }
  }
}

async function* typedEventsOf(
  events: AsyncIterable<ChainEvent>,
  contract: ClientContract<ClientTypes>,
): AsyncGenerator<TypedChain, void, undefined> {
  for await (const event of events) {
    const decoded = contract.decodeEvent(event);
    if (decoded !== undefined) yield { height: event.height, index: event.index, ...decoded };
  }
}
