import { expect, test } from 'vitest';
import { runScript } from '../support/child.js';
import { withDirectory } from '../support/directories.js';
import { openChain } from '../support/sample-chain.js';

const BLOCKS = 20;

test('a program that closes its runtime ends by itself and prints nothing', async () => {
  await withDirectory(async (directory) => {
    for (const where of [{ directory }, {}]) {
      const result = await runScript('forgetful.js', { ...where, closes: true, blocks: BLOCKS });
      expect(result).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    }
    await using runtime = await openChain(directory);
    expect(runtime.height).toBe(BigInt(BLOCKS + 1));
  });
});

test('a program that forgets to close its runtime ends by itself, is told, and loses nothing', async () => {
  await withDirectory(async (directory) => {
    for (const where of [{ directory }, {}]) {
      // Under source maps, too, the line is the program's.
      const options = { env: { ...process.env, NODE_OPTIONS: 'directory' in where ? '' : '--enable-source-maps' } };
      const asked = { ...where, closes: false, blocks: BLOCKS };
      const { code, signal, stdout, stderr } = await runScript('forgetful.js', asked, options);
      expect({ code, signal, stdout }).toEqual({ code: 0, signal: null, stdout: '' });
      expect(stderr).toMatch(
        /BLOCKSTM_NOT_CLOSED\] BlockStmWarning: a runtime was never closed: .*forgetful\.js:\d+:\d+/,
      );
      expect(stderr.match(/never closed/g)).toHaveLength(1);
    }
    await using runtime = await openChain(directory);
    expect(runtime.height).toBe(BigInt(BLOCKS + 1));
    expect(await runtime.replay()).toEqual({ blocks: BLOCKS + 1, difference: undefined });
  });
});
