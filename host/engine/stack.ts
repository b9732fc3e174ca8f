/**
 * The stack of a call, as the rewrite counts it (host/wasm/stack-need.ts). Past it the call ends `trapped` with `stackLimit`: at the
 * same depth everywhere, where V8's own limit depends on its tiers, its version and the thread.
 */
export const CALL_STACK_BYTES = 1024 * 1024;

/**
 * What a worker's thread is given, so that V8's limit is never met first. Without inlining V8 was seen to take at most 1.4 times
 * what is counted. Later versions inline up to 5,000 bytes of callees into a function, which can put some 1,000 more values
 * into its frame: 50 times what the smallest function counts. Only what is used of a stack takes memory.
 */
export const WORKER_STACK_MIB = 64;
