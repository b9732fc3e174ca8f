import { stderr } from 'node:process';
import { afterEach, expect, test, vi } from 'vitest';
import { PROGRESS_LISTENER, showProgress } from '../../dist/host/cli/progress.js';

const { isTTY, columns } = stderr;
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(stderr, { isTTY, columns });
  if (process.argv.at(-1) === '--json') process.argv.pop();
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

test.each([
  { isTTY: false, json: false, shown: ['a part is done\n'] },
  { isTTY: false, json: true, shown: [] },
  { isTTY: true, json: false, shown: [] },
])(
  'a part that is done is a line on the standard error of no terminal, but for --json: %j',
  ({ isTTY, json, shown }) => {
    const written = vi.spyOn(stderr, 'write').mockReturnValue(true);
    Object.assign(stderr, { isTTY });
    if (json) process.argv.push('--json');
    PROGRESS_LISTENER.finished('a part is done');
    expect(written.mock.calls.flat()).toEqual(shown);
  },
);
