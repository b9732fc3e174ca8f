/** The names and indices that lead from a value to one within it. */
export type ValuePath = readonly (string | number)[];

/** `calls[3].args.to`, `methods["token.transfer"]`; of the value itself nothing. */
export function pathText(path: ValuePath): string {
  const parts = path.map((key, index) => {
    if (typeof key === 'number') return `[${key}]`;
    if (index === 0) return key;
    return /^[\p{L}\p{N}_$]+$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
  });
  return parts.join('');
}
