import * as abi from "./abi";
import { encode } from "./codec";
import { nameBytes } from "./name";

/**
 * Something a contract announces; it is in the call's receipt if the call succeeds.
 * The topic is the name's UTF-8 bytes; the data are the encoded values, one after another.
 *
 * `const transferred = new Event("Transfer")` at the top level of a file costs nothing at run time: the compiler lays it
 * out as constant data.
 */
@final
export class Event {
  // The topic's words follow in memory.
  private topicLength: u64;

  constructor(name: string) {
    const bytes = nameBytes(name);
    const length = <usize>bytes.byteLength;
    const event = heap.alloc(16 + length);
    store<u64>(event, length);
    // Zero up to the end of the last word first: the padding counts.
    store<u64>(event + (length & ~7), 0, 8);
    memory.copy(event + 8, changetype<usize>(bytes), length);
    return changetype<Event>(event);
  }

  /** Stages the topic and returns its length in bytes. */
  @inline
  private stage(): i32 {
    const length = <i32>this.topicLength;
    let word = changetype<usize>(this) + 8;
    for (const end = word + length; word < end; word += 8) abi.push(load<u64>(word));
    return length;
  }

  /** Announces the event without data. */
  @inline
  emit0(): void {
    abi.event(this.stage(), 0);
  }

  /** Announces the event with one value. */
  @inline
  emit<A>(first: A): void {
    abi.event(this.stage(), encode<A>(first));
  }

  /** Announces the event with two values. */
  @inline
  emit2<A, B>(first: A, second: B): void {
    abi.event(this.stage(), encode<A>(first) + encode<B>(second));
  }

  /** Announces the event with three values. */
  @inline
  emit3<A, B, C>(first: A, second: B, third: C): void {
    abi.event(this.stage(), encode<A>(first) + encode<B>(second) + encode<C>(third));
  }

  /** Announces the event with four values. */
  @inline
  emit4<A, B, C, D>(first: A, second: B, third: C, fourth: D): void {
    abi.event(this.stage(), encode<A>(first) + encode<B>(second) + encode<C>(third) + encode<D>(fourth));
  }
}
