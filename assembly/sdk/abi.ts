// Contract interface, version 1: everything a contract can ask of the machine that runs it.
//
// Words cross, never pointers: a caller stages words with `push` and reads words with `take`, so neither side sees the
// other's memory. README.md in this folder is the specification; this file only declares it to AssemblyScript.

/** Stages one word. The import that follows consumes every staged word. */
@external("blockstm", "push")
export declare function push(word: u64): void;

/** Stages four words. */
@external("blockstm", "push4")
export declare function push4(word0: u64, word1: u64, word2: u64, word3: u64): void;

/** Turns the staged words, a key of `keyLength` bytes (1 to 256), into a slot: valid until the call ends, the same for the same key. */
@external("blockstm", "lookup")
export declare function lookup(keyLength: i32): i32;

/** Returns the length of the slot's value in bytes, or -1 where there is none; `take` continues at its first word. */
@external("blockstm", "read")
export declare function read(slot: i32): i32;

/** Returns 1 where the slot has a value, otherwise 0. */
@external("blockstm", "has")
export declare function has(slot: i32): i32;

/** Makes the staged words the slot's value, of `length` bytes (0 to 65,536). */
@external("blockstm", "write")
export declare function write(slot: i32, length: i32): void;

/** Leaves the slot without a value. */
@external("blockstm", "remove")
export declare function remove(slot: i32): void;

/**
 * Adds `amount` to the number that is the slot's value: 8 bytes, little-endian, no value counting as 0. Returns 1; or 0, and nothing is
 * changed, where the sum would be more than `most`. Calls that add to the same slot do not wait for one another.
 */
@external("blockstm", "add")
export declare function add(slot: i32, amount: u64, most: u64): i32;

/** Subtracts likewise. Returns 0, and nothing is changed, where the difference would be less than `least`. */
@external("blockstm", "subtract")
export declare function subtract(slot: i32, amount: u64, least: u64): i32;

/** Returns the next word under the cursor, unused bytes zero; 0 past the end. */
@external("blockstm", "take")
export declare function take(): u64;

/** Returns the length of the call's input in bytes; `take` continues at its first word. */
@external("blockstm", "input")
export declare function input(): i32;

/** Makes the staged words the call's output, of `length` bytes. The last one wins. */
@external("blockstm", "output")
export declare function output(length: i32): void;

/** `take` continues at the 32 bytes of the caller's address. */
@external("blockstm", "sender")
export declare function sender(): void;

/** `take` continues at the 32 bytes of this contract's address. */
@external("blockstm", "self")
export declare function self(): void;

/** The block's position in the chain. */
@external("blockstm", "height")
export declare function height(): u64;

/** The block's time, in seconds since 1970. */
@external("blockstm", "timestamp")
export declare function timestamp(): u64;

@external("blockstm", "chainId")
export declare function chainId(): u64;

/** `take` continues at the block's 32-byte seed, which who makes the block chooses. */
@external("blockstm", "seed")
export declare function seed(): void;

/** Announces an event: the staged words are those of the topic, then those of the data. */
@external("blockstm", "event")
export declare function event(topicLength: i32, dataLength: i32): void;

/** Ends the call with status `reverted`; the staged words are a UTF-8 message. Never returns. */
@external("blockstm", "revert")
export declare function revert(length: i32): void;

/** Ends the call with status `invalid`: its input cannot be decoded. The staged words are a UTF-8 message. Never returns. */
@external("blockstm", "reject")
export declare function reject(length: i32): void;

/** From here to its end this call may not write, remove, add, subtract or announce: it ends `trapped`. */
@external("blockstm", "readonly")
export declare function readonly(): void;

/** `take` continues at the 32-byte digest of the staged words, `length` bytes. `kind`: 0 SHA-256, 1 Keccak-256, 2 BLAKE3. */
@external("blockstm", "hash")
export declare function hash(kind: i32, length: i32): void;

/**
 * Returns 1 where the staged words are an ed25519 signature (64 bytes), the public key that it is of (32 bytes) and the message that it signs
 * (`length` bytes), after the rules of ZIP 215; otherwise 0.
 */
@external("blockstm", "verify")
export declare function verify(length: i32): i32;

/**
 * Calls another contract: the staged words are its address, the method's name of `methodLength` bytes of UTF-8, and the input of `inputLength` bytes. Mode 0: where it
 * fails, this call fails in the same way. Mode 1: then everything it did is undone, and this call goes on. Returns the status in the high 32 bits (0: well), the length
 * in the low ones; `take` continues at the first word of the output, or of the message of the failure.
 */
@external("blockstm", "call")
export declare function call(methodLength: i32, inputLength: i32, mode: i32): u64;
