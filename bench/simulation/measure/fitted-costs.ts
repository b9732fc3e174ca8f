/** Rounds of weighing: by then coefficients no longer move by what a clock can tell. */
const ROUNDS = 15;
/** Residuals below this, in nanoseconds, weigh the same: a clock that ticks every 20 gives the mean of many steps, and no median. */
const RESOLUTION = 50;

/**
 * The coefficients with which the rows' features add up to their values, none of them negative. Of large residuals it is their sum that is least and not that of their squares, so that the few steps that something
 * interrupted have no say: least squares over and over, each row weighed by the inverse of its last residual (iteratively reweighted least squares). A feature that is 0 in every row has the coefficient 0.
 */
export function fitCosts(features: readonly (readonly number[])[], values: readonly number[]): number[] {
  let weights = new Float64Array(values.length).fill(1);
  for (let round = 1; ; round++) {
    const coefficients = fitPositive(features, values, weights);
    if (round === ROUNDS) return coefficients;
    weights = weights.map((_, row) => {
      const residual = (values[row] as number) - predicted(features[row] as readonly number[], coefficients);
      return 1 / Math.max(Math.abs(residual), RESOLUTION);
    });
  }
}

function predicted(row: readonly number[], coefficients: readonly number[]): number {
  return row.reduce((sum, feature, at) => sum + feature * (coefficients[at] as number), 0);
}

/** A coefficient that comes out below 0 is taken for 0, and the others are fitted without it. */
function fitPositive(
  features: readonly (readonly number[])[],
  values: readonly number[],
  weights: Float64Array,
): number[] {
  const coefficients = (features[0] ?? []).map(() => 0);
  let columns = [...coefficients.keys()].filter((column) => features.some((row) => row[column] !== 0));
  for (;;) {
    const solution = solve(normalEquations(features, values, weights, columns));
    const least = Math.min(...solution);
    if (least < 0) {
      columns = columns.filter((_, at) => solution[at] !== least);
      continue;
    }
    for (const [at, column] of columns.entries()) coefficients[column] = solution[at] as number;
    return coefficients;
  }
}

/** Of each column one equation: its products with all columns, and with the values. */
function normalEquations(
  features: readonly (readonly number[])[],
  values: readonly number[],
  weights: Float64Array,
  columns: readonly number[],
): number[][] {
  const system = columns.map(() => new Array<number>(columns.length + 1).fill(0));
  for (const [row, own] of features.entries()) {
    for (const [left, equation] of system.entries()) {
      const weighed = (own[columns[left] as number] as number) * (weights[row] as number);
      if (weighed === 0) continue;
      for (const [right, column] of columns.entries()) {
        equation[right] = (equation[right] as number) + weighed * (own[column] as number);
      }
      equation[columns.length] = (equation[columns.length] as number) + weighed * (values[row] as number);
    }
  }
  return system;
}

/** Gaussian elimination with pivoting. An unknown that nothing is known of is 0. */
function solve(system: number[][]): number[] {
  const size = system.length;
  for (let column = 0; column < size; column++) {
    const rest = system.slice(column).map((row) => Math.abs(row[column] as number));
    const pivot = column + rest.indexOf(Math.max(...rest));
    [system[column], system[pivot]] = [system[pivot] as number[], system[column] as number[]];
    const own = system[column] as number[];
    const head = own[column] as number;
    for (const [position, row] of system.entries()) {
      if (position === column || head === 0) continue;
      const factor = (row[column] as number) / head;
      for (let term = column; term <= size; term++) row[term] = (row[term] as number) - factor * (own[term] as number);
    }
  }
  return system.map((row, position) => (row[position] === 0 ? 0 : (row[size] as number) / (row[position] as number)));
}
