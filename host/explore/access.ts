/** What an access to shared memory does, as the probe before it says (kernel-source.ts); `wait` is the driver's own, before it sleeps. */
export const ACCESS = { load: 0, store: 1, cmpxchg: 2, change: 3, notify: 4, wait: 5 } as const;
