import { test } from 'vitest';
import { openAndClose } from '../support/open-close.js';

// 2,000 times in close.slow.test.ts.
test('opened and closed again and again: nothing is left', async () => {
  await openAndClose(30, 12);
});
