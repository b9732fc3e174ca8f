/** Every way to choose one value from each list, those of the last list changing fastest: `{ a: [1, 2] }` to `[{ a: 1 }, { a: 2 }]`. */
export function crossed<Lists extends Readonly<Record<string, readonly unknown[]>>>(
  lists: Lists,
): { [Name in keyof Lists]: Lists[Name][number] }[] {
  let chosen: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries(lists)) {
    chosen = chosen.flatMap((each) => values.map((value) => ({ ...each, [name]: value })));
  }
  return chosen as { [Name in keyof Lists]: Lists[Name][number] }[];
}
