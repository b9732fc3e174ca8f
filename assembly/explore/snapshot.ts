/**
 * What the explorer adds to the kernel in its test build, first part: a state of the whole machine, kept and put back.
 *
 * ```text
 *   regions    {address u32, bytes u32} ...: all that a step can change; kept and put back as they are, one after another
 * ```
 *
 * One thread writes it. Its memory is above the kernel's, so that no address of the kernel's changes with it.
 */
let regions: usize = 0;
let regionsEnd: usize = 0;

export function setRegions(from: usize, end: usize): void {
  regions = from;
  regionsEnd = end;
}

/** Copy every region to `to`. Returns the bytes. */
export function keepState(to: usize): usize {
  const start = to;
  for (let region = regions; region < regionsEnd; region += 8) {
    const bytes: usize = load<u32>(region, 4);
    memory.copy(to, load<u32>(region), bytes);
    to += bytes;
  }
  return to - start;
}

export function putBack(from: usize): void {
  for (let region = regions; region < regionsEnd; region += 8) {
    const bytes: usize = load<u32>(region, 4);
    memory.copy(load<u32>(region), from, bytes);
    from += bytes;
  }
}
