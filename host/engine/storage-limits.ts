/** What a key and a value of a contract have at most, in bytes, as the kernel has it (assembly/kernel/keys.ts, staging.ts). A key has at least one. */
export const MAX_KEY_LENGTH = 256;
export const MAX_VALUE_LENGTH = 65_536;
