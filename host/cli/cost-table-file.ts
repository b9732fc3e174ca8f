import type { Bench } from './bench.js';
import { readText } from './genesis.js';
import { allErrors, byPlace, JsonField } from './json-field.js';

/** @throws FileError that shows every place of a cost table where something is wrong, in their order. */
export async function checkCostTable(bench: Bench, file: string): Promise<void> {
  const { root, repeats } = JsonField.parseAll({ file, firstLine: 1, text: await readText(file) });
  const errors = [...repeats];
  try {
    bench.parseCosts(root.value);
  } catch (error) {
    if (!(error instanceof bench.CostTableError)) throw error;
    errors.push(...error.problems.map(({ path, message, part }) => root.at(path).error(message, part)));
  }
  if (errors.length > 0) throw allErrors(errors.sort(byPlace), 'ERR_OPTION');
}
