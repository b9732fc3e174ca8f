import { stderr } from 'node:process';
import { afterEach, expect, test, vi } from 'vitest';
import { showProgress } from '../../dist/host/cli/progress.js';

const { isTTY, columns } = stderr;
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(stderr, { isTTY, columns });
});

test.each([
  [20, 'x'.repeat(18), 'x'.repeat(18)],
  [20, 'x'.repeat(19), 'x'.repeat(19)],
  [20, 'x'.repeat(20), `${'x'.repeat(18)}…`],
  [0, 'x'.repeat(200), `${'x'.repeat(78)}…`],
])('on %i columns a text is one line', (width, text, shown) => {
  const written = vi.spyOn(stderr, 'write').mockReturnValue(true);
  Object.assign(stderr, { isTTY: true, columns: width });
  showProgress(text);
  expect(written.mock.calls).toEqual([[`\r\x1b[2K${shown}`]]);
});

test('without a terminal nothing is shown', () => {
  const written = vi.spyOn(stderr, 'write').mockReturnValue(true);
  Object.assign(stderr, { isTTY: false });
  showProgress('x');
  expect(written).not.toHaveBeenCalled();
});
