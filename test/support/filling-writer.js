/**
 * Writes a chain until it cannot, and tells, in lines of JSON, what it then finds; then likewise in each further directory.
 *
 *   node filling-writer.js '{"directory": "...", "blocks": 1000, "further": ["..."]}'
 */

import { writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRuntime } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';

const { directory, blocks, further = [] } = JSON.parse(process.argv[2]);
const TOKEN = new Uint8Array(32).fill(201);

function say(what, about) {
  writeSync(1, `${JSON.stringify({ what, ...about })}\n`);
}

async function tell(what, action) {
  try {
    say(what, await action());
  } catch (error) {
    say(what, { error: { name: error.name, code: error.code, message: error.message } });
  }
}

function account(number) {
  const bytes = new Uint8Array(32);
  new DataView(bytes.buffer).setUint32(0, number + 1);
  return bytes;
}

async function fill(directory) {
  let runtime;
  await tell('open', async () => {
    const limits = { memoryMiB: 64, locations: 8192, transactions: 4096 };
    runtime = await createRuntime({ store: lmdbStore(directory), workers: 2, executor: 'block-stm', limits });
    return { height: Number(runtime.height) };
  });
  if (runtime !== undefined) {
    let durable = runtime.height;
    let token = runtime.contract(TOKEN);
    await tell('write', async () => {
      const wasm = new URL('../../dist/contracts/token.wasm', import.meta.url);
      token ??= await runtime.deploy(await readFile(wasm), { address: TOKEN });
      durable = runtime.height;
      for (let block = 0; block < blocks; block++) {
        const from = Number(durable) * 200;
        const transactions = Array.from({ length: 200 }, (_, index) =>
          token.transaction(account(from + index), 'mint', { to: account(from + index), amount: 1n }),
        );
        durable = (await (await runtime.execute({ transactions })).durable).height;
      }
      return {};
    });
    say('durable', {
      durable: Number(durable),
      head: Number(runtime.head?.height ?? 0n),
      pending: runtime.metrics().pendingBlocks,
    });
    await tell('write again', async () => void (await runtime.execute({ transactions: [] })));
    await tell('deploy', async () => void (await runtime.deploy(new Uint8Array())));
    await tell('state hash', async () => ({ hash: await runtime.stateHash() }));
    await tell('read', async () => ({ receipts: (await runtime.block(durable))?.receipts.length }));
    await tell('view', async () => {
      const { status, output } = await runtime.view(token.transaction(TOKEN, 'balanceOf', { owner: account(250) }));
      return { status, balance: Number(token.decodeOutput('balanceOf', output)) };
    });
    await tell('close', async () => void (await runtime.close()));
  }
  say('end');
}

for (const each of [directory, ...further]) await fill(each);
