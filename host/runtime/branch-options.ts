// What the methods of a branch take besides their arguments.

import * as v from 'valibot';
import { anAddress, options } from './option-schema.js';
import type { BlockContext } from './types.js';

const contextSchema = v.optional(
  v.custom<Partial<BlockContext>>((value) => typeof value === 'object' && value !== null, 'an object'),
);
const firstCallSchema = v.optional(
  options({
    args: v.optional(
      v.custom<Readonly<Record<string, unknown>>>(
        (value) => typeof value === 'object' && value !== null,
        'an object with the arguments',
      ),
    ),
    sender: v.optional(anAddress),
  }),
);
export const deploySchema = options({
  address: v.optional(v.instance(Uint8Array, 'a Uint8Array of 32 bytes')),
  context: contextSchema,
  init: firstCallSchema,
});
export const upgradeSchema = options({
  context: contextSchema,
  migrate: firstCallSchema,
  allowUnsafe: v.optional(v.boolean('true or false'), false),
});
export const executeSchema = options({ signal: v.optional(v.instance(AbortSignal, 'an AbortSignal')) });
