// Ending a call on purpose.

import * as abi from "./abi";
import { beginText, endText, writeText } from "./text";

/** Ends the call with status `reverted` and this message; everything it wrote is undone. Never returns. */
export function revert(message: string): void {
  beginText();
  writeText(message);
  abi.revert(endText());
  unreachable();
}

/**
 * Reverts with `message` unless `condition` holds.
 * A constant message costs nothing while the condition holds; to compose one, write `if (...) revert(...)`.
 */
@inline
export function require(condition: bool, message: string): void {
  if (!condition) revert(message);
}

/** Ends the call with status `trapped`, for what cannot happen: unlike `revert` it says nothing. Never returns. */
export function trap(): void {
  unreachable();
}
