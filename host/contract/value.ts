/**
 * A decoded value: bool as boolean; u8 to u32 and i8 to i32 as number; wider integers as bigint; address as 32 bytes; string as string; bytes as
 * Uint8Array; an array as Array; a nullable as null or the value; a struct as an object with its fields.
 */
export type Value = boolean | number | bigint | string | Uint8Array | null | readonly Value[] | StructValue;

/** The fields of a struct, by name. */
export interface StructValue {
  readonly [field: string]: Value;
}

/** Bytes that `length` bytes take in whole words. */
export function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}
