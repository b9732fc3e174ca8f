/**
 * Sweeping: locations without a value leave memory, where all of the state is there. Between blocks, by the host, some ids at a time.
 */
import {
  LOCATION_COMMITTED, LOCATION_RECORD, dropLocation, enterIndex, keyLength, locationAt,
} from "./keys";
import { ABSENT_RECORD, AT_LOCATIONS_USED, AT_SWEEPS, LOCATION_SHIFT, marksOf, workerCount } from "./layout";

/**
 * Forget the locations from `from` to `end` that have no committed value, and move the others down to `kept` and
 * on, entering them in the index, which `beginIndex` has emptied. Returns how many are kept up to here.
 */
export function sweepLocations(from: u32, end: u32, kept: u32): u32 {
  for (let id = from; id < min(end, atomic.load<u32>(AT_LOCATIONS_USED)); id++) {
    const location = locationAt(id);
    if (keyLength(location) == 0) continue;
    if (load<u32>(location, LOCATION_COMMITTED) == <u32>ABSENT_RECORD) {
      dropLocation(id);
      continue;
    }
    moveLocation(location, locationAt(kept));
    enterIndex(kept++);
  }
  return kept;
}

/**
 * After a sweep that kept `kept` locations: the ids above are free, no worker has any reserved, and no mark of theirs is left, which
 * a worker that starts its stamps anew could take for its own.
 */
export function endSweep(kept: u32): void {
  const freed = <usize>(atomic.load<u32>(AT_LOCATIONS_USED) - kept);
  memory.fill(locationAt(kept), 0, freed << LOCATION_SHIFT);
  for (let index: u32 = 0; index < workerCount; index++) memory.fill(marksOf(index) + (<usize>kept << 3), 0, freed << 3);
  store<u32>(AT_SWEEPS, load<u32>(AT_SWEEPS) + 1);
  atomic.store<u32>(AT_LOCATIONS_USED, kept);
}

function moveLocation(from: usize, to: usize): void {
  if (from == to) return;
  const inline = load<u32>(from, LOCATION_COMMITTED) == <u32>(from + LOCATION_RECORD);
  memory.copy(to, from, 1 << LOCATION_SHIFT);
  if (inline) store<u32>(to, to + LOCATION_RECORD, LOCATION_COMMITTED);
}
