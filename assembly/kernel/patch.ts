/**
 * A patch: values set by the host, as a block of its own that one worker executes. It is committed or taken back as any block is.
 *
 * Its entries are where the calls' bytes of a block are, in the format of a write set (commit.ts).
 */
import { allocate, arenaMark, rewindArena } from "./arena";
import { WRITE_HEAD, apply } from "./commit";
import { intern } from "./keys";
import { ABSENT, AT_CALL_BYTES, AT_CALL_BYTES_END } from "./layout";
import { copyWords } from "./words";

/** Set every value. Unwinds with the fault of a limit. */
export function applyPatch(): void {
  const end: usize = load<u32>(AT_CALL_BYTES_END);
  for (let entry: usize = load<u32>(AT_CALL_BYTES); entry < end; ) {
    const keyLength = load<u32>(entry, 4);
    const length = load<u32>(entry, 8);
    const key = entry + WRITE_HEAD;
    const value = key + ((keyLength + 7) & ~7);
    const padded: usize = length == ABSENT ? 0 : (length + 7) & ~7;
    const location = intern(load<u32>(entry), key, keyLength);
    const mark = arenaMark();
    const record = allocate(8 + padded);
    store<u32>(record, length);
    store<u32>(record, 0, 4);
    copyWords(record + 8, value, padded);
    apply(location, record);
    rewindArena(mark);
    entry = value + padded;
  }
}
