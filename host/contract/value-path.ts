/** The names and indices that lead from a value to one within it. */
export type ValuePath = readonly (string | number)[];

/** `calls[3].args.to`, `methods["token.transfer"]`; of the value itself nothing. @param of what the value is called: the text begins with that. */
export function pathText(path: ValuePath, of = ''): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    if (!/^[\p{L}\p{N}_$-]+$/u.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, of);
}
