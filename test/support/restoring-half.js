/**
 * Reads `entries` entries of a contract's state into a new store, as a snapshot's, and ends as by a power failure when it has given so many of them.
 *
 *   node restoring-half.js '{"directory": "...", "entries": 40000, "given": 20000}'
 */
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';

const { directory, entries, given } = JSON.parse(process.argv[2]);
const contract = new Uint8Array(32).fill(77);
const codeHash = '77'.repeat(32);

async function* state() {
  for (let index = 0; ; index++) {
    if (index === given) process.kill(process.pid, 'SIGKILL');
    if (index === entries) return;
    const key = new Uint8Array(4);
    new DataView(key.buffer).setUint32(0, index);
    yield { contract, key, value: new Uint8Array(8).fill(1) };
  }
}

const store = lmdbStore(directory);
await store.open();
const contracts = [{ address: contract, codeHash }];
await store.restore({ head: undefined, contracts }, new Map([[codeHash, new Uint8Array(100)]]), state());
