import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { DYNAMIC_GAS, GAS_SCHEDULE_VERSION, INSTRUCTION_GAS, KERNEL_GAS } from '../../dist/host/index.js';

const readme = await readFile(new URL('../../host/wasm/README.md', import.meta.url), 'utf8');
const section = readme.slice(readme.indexOf('### The gas schedule'), readme.indexOf('### Stack'));
/** Every row of the section's tables: name and weight. */
const documented = [...section.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)].map(([, name, gas]) => [
  name,
  Number(gas?.replaceAll(',', '')),
]);

test('the documented gas schedule is the one that is charged', () => {
  expect(section).toContain(`Version ${GAS_SCHEDULE_VERSION}.`);
  const schedule = [...Object.entries(INSTRUCTION_GAS), ...Object.entries(DYNAMIC_GAS), ...Object.entries(KERNEL_GAS)];
  expect(documented).toEqual(schedule);
});

test('a schedule does not change under its version: who changes a weight gives it a new one', () => {
  expect({ version: GAS_SCHEDULE_VERSION, INSTRUCTION_GAS, DYNAMIC_GAS, KERNEL_GAS }).toMatchSnapshot();
});
