/** What a key and a value of a contract have at most, as the kernel has it (assembly/kernel/keys.ts, contract.ts). */
export const MAX_KEY_LENGTH = 256;
export const MAX_VALUE_LENGTH = 65_536;
