// What `assert`, `throw` and a failed check of the standard library end in.

import * as abi from "./abi";
import { beginText, endText, writeDecimal, writeText } from "./text";

/** Reverts with "message (file:line:column)". The compiler makes this the program's `abort`. */
export function abort(message: string | null, file: string | null, line: u32, column: u32): void {
  beginText();
  writeText(message == null ? "assertion failed" : message);
  if (file != null) {
    writeText(" (");
    writeText(file);
    writeText(":");
    writeDecimal(line);
    writeText(":");
    writeDecimal(column);
    writeText(")");
  }
  abi.revert(endText());
  unreachable();
}
