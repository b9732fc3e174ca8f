// Where code is from, where AssemblyScript does not say it, or not so that the author is helped. A place that is missing from the source map is not seen to be missing: what stands
// before it, the statement above, is taken for the place.

import type { Binaryen, CompiledFunction, Compiler } from './assemblyscript.js';
import type { Node, Source } from './syntax.js';

/** A call, in the function that is compiled. */
interface Call {
  readonly caller: CompiledFunction | undefined;
  readonly range: Node['range'];
}

/**
 * Makes what a compiler inlines of libraries into a function of the author's be from where the author calls it: around `require(ok, "...")` there is nothing else that is, where `ok` is
 * a local. It changes the source map and no code.
 * @param isAuthored - Whether somebody wrote a file, as against a library or the compiler.
 */
export function placeInlined(compiler: Compiler, isAuthored: (source: Source) => boolean): void {
  const calls: Call[] = [];
  const compiled = (): CompiledFunction | undefined => compiler.currentFlow?.targetFunction;

  for (const method of ['compileCallDirect', 'makeCallDirect'] as const) {
    const original = compiler[method];
    compiler[method] = function (this: Compiler, instance, operands, call, ...others) {
      calls.push({ caller: compiled(), range: call.range });
      try {
        return original.call(this, instance, operands, call, ...others);
      } finally {
        calls.pop();
      }
    };
  }

  const { addDebugLocation } = compiler;
  compiler.addDebugLocation = function (this: Compiler, expression, range) {
    const within = compiled();
    const isInlined = !isAuthored(range.source) && within !== undefined && isAuthored(within.declaration.range.source);
    // The innermost: the author may have inlined functions, too.
    const call = calls.findLast((each) => each.caller === within && isAuthored(each.range.source));
    addDebugLocation.call(this, expression, isInlined && call !== undefined ? call.range : range);
  };
}

/** Makes what a failed `assert` and `throw` call be from there: without a message, nothing else is. */
export function placeAborts(compiler: Compiler, { Block, BlockId, getExpressionId }: Binaryen): void {
  const { makeStaticAbort } = compiler;
  compiler.makeStaticAbort = function (this: Compiler, message, node) {
    const block = makeStaticAbort.call(this, message, node);
    if (getExpressionId(block) === BlockId) this.addDebugLocation(Block.getChildAt(block, 0), node.range);
    return block;
  };
}
