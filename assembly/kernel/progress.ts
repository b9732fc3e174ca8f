/**
 * Telling the host how far the block has committed, when it wants to know.
 *
 * ```text
 *   AT_AWAITED  u32  the host wants to be told when the frontier has come here; NOBODY once it has been
 *   AT_NEWS     u32  counts what it has been told; the host waits on it
 * ```
 *
 * The host writes AT_AWAITED and then looks at the frontier once more before it waits; whoever moves the frontier does so first and looks
 * at AT_AWAITED second. All of it is sequentially consistent, so one of them sees the other. Both words are in the frontier's line, which the
 * one who looks has just written.
 *
 * Sequential execution moves no frontier for others to see. It only moves it when the host wants to know, before the next call; at the end of the
 * block the host is woken anyway.
 *
 * News are a hint: what was awaited in an earlier block may be told in this one.
 */
import { AT_AWAITED, AT_FRONTIER, AT_NEWS } from "./layout";

const NOBODY: u32 = u32.MAX_VALUE;

/** The frontier has come to `frontier`. */
@inline
export function tell(frontier: u32): void {
  const awaited = atomic.load<u32>(AT_AWAITED);
  if (frontier >= awaited) tellAwaited(awaited);
}

function tellAwaited(awaited: u32): void {
  if (atomic.cmpxchg<u32>(AT_AWAITED, awaited, NOBODY) != awaited) return;
  atomic.add<u32>(AT_NEWS, 1);
  atomic.notify(AT_NEWS, i32.MAX_VALUE);
}

/** Sequentially, all below `next` has committed. */
@inline
export function tellInOrder(next: u32): void {
  const awaited = atomic.load<u32>(AT_AWAITED);
  if (next < awaited) return;
  atomic.store<u32>(AT_FRONTIER, next);
  tellAwaited(awaited);
}
