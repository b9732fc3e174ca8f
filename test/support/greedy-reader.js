/** A reader of a store that has nothing but one key for which it allocates without end, one that it cannot read, and one with a value longer than any. A contract of `store` in test/support/probe.ts has keys of sevens. */
const GREEDY = 24;
const BROKEN = 32;
const LONG = 40;

export function openReader() {
  const held = [];
  return {
    refresh() {},
    contract: () => ({
      get(key) {
        if (key.length === BROKEN)
          throw Object.assign(new Error('a value that cannot be read'), { code: 'ERR_STORE_CORRUPT' });
        if (key.length === LONG) return new Uint8Array(65_537);
        if (key.length !== GREEDY) return undefined;
        for (;;) held.push(new Array(10_000).fill({}));
      },
    }),
  };
}
