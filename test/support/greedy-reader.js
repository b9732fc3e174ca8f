/** A reader of a store that has nothing but one key for which it allocates without end, and one that it cannot read. A contract of `store` in test/support/probe.ts has keys of sevens. */
const GREEDY = 24;
const BROKEN = 32;

export function openReader() {
  const held = [];
  return {
    refresh() {},
    contract: () => ({
      get(key) {
        if (key.length === BROKEN)
          throw Object.assign(new Error('a value that cannot be read'), { code: 'ERR_STORE_CORRUPT' });
        if (key.length !== GREEDY) return undefined;
        for (;;) held.push(new Array(10_000).fill({}));
      },
    }),
  };
}
