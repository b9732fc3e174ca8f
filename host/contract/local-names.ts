// The names that a function declares, each with the block in which it hides what the file declares: from where it is declared to the block's end, as in
// AssemblyScript; those of `var` to the function's.

import { type AssemblyScript, flags, type Identifier, type Node, type VariableDeclaration } from './syntax.js';
import { type Thing, unknown } from './thing.js';

/** A variable, and what it holds. */
interface Local {
  readonly declaration: VariableDeclaration;
  /** Where it ends: an offset in the file. */
  readonly end: number;
  thing: Thing;
}

export class LocalNames {
  /** In the order of the text. */
  readonly declared: readonly Local[];
  private readonly parameters = new Map<string, Thing>();
  private readonly byName = new Map<string, Local[]>();

  /** @param nodes - Of the function, in the order of the text. */
  constructor(syntax: AssemblyScript, nodes: readonly object[]) {
    this.declared = [...localsIn(syntax, nodes)];
    for (const local of this.declared) {
      const { text } = local.declaration.name;
      const same = this.byName.get(text);
      if (same === undefined) this.byName.set(text, [local]);
      else same.push(local);
    }
  }

  addParameter(name: string, thing: Thing): void {
    this.parameters.set(name, thing);
  }

  /** What a name stands for where it is said; undefined where it is none of the function's. */
  at({ text, range }: Identifier): Thing | undefined {
    // The last one that was declared is the innermost one.
    const local = this.byName.get(text)?.findLast(({ declaration, end }) => {
      return declaration.range.start <= range.start && range.start < end;
    });
    return local === undefined ? this.parameters.get(text) : local.thing;
  }
}

function* localsIn(syntax: AssemblyScript, nodes: readonly object[]): Generator<Local> {
  const blocks: Node[] = [];
  for (const node of nodes) {
    if (node instanceof syntax.VariableDeclaration) {
      while (blocks.length > 0 && !holds(blocks.at(-1), node)) blocks.pop();
      const isOfBlock = node.is(flags.let) || node.is(flags.const);
      const end = (isOfBlock ? blocks.at(-1)?.range.end : undefined) ?? Number.POSITIVE_INFINITY;
      yield { declaration: node, end, thing: unknown };
    } else if (
      node instanceof syntax.BlockStatement ||
      node instanceof syntax.ForStatement ||
      node instanceof syntax.SwitchCase
    ) {
      while (blocks.length > 0 && !holds(blocks.at(-1), node)) blocks.pop();
      blocks.push(node);
    }
  }
}

function holds(block: Node | undefined, { range }: Node): boolean {
  return block !== undefined && block.range.start <= range.start && range.start < block.range.end;
}
