// Modules whose method `run` calls itself for ever, each with another idea of how to take more of V8's stack than is counted.

import { repeat } from './hostile-module.js';

/** Products that are the same before and after a call: an optimizing compiler keeps each. */
const products = (count: number): string =>
  repeat(
    count,
    (i) =>
      `(global.set $x (i64.xor (global.get $x) (i64.extend_i32_u (i32.mul (local.get 0) (i32.const ${2 * i + 3})))))`,
  );

/** A function of few instructions that V8 may put into its callers. */
const small = (index: number): string =>
  `(func $small${index} (param i32) (result i32) ${repeat(
    30,
    (i) => `(i32.xor (i32.mul (local.get 0) (i32.const ${index * 64 + 2 * i + 3}))`,
  )} (i32.const 1) ${')'.repeat(30)})`;

const recursive = (parameters: string, before: string, call: string, after: string, more = ''): string => `(module
  (global $x (mut i64) (i64.const 1)) ${more}
  (func $deep ${parameters} ${before} ${call} ${after})
  (func (export "run") (call $deep ${repeat((parameters.match(/param/g) ?? []).length, (i) => `(${parameters.includes('i32') ? 'i32' : 'i64'}.const ${i})`)})))`;

/** By name, as text. */
export const DEEP_SHAPES: Readonly<Record<string, string>> = {
  'nothing but a call': recursive('', '', '(call $deep)', ''),
  'a thousand locals, all used again': recursive(
    `(param i64) ${repeat(1000, () => '(local i64)')}`,
    repeat(1000, (i) => `(local.set ${i + 1} (i64.add (local.get 0) (i64.const ${i * 7919})))`),
    '(call $deep (i64.add (local.get 0) (i64.const 1)))',
    repeat(1000, (i) => `(global.set $x (i64.xor (global.get $x) (local.get ${i + 1})))`),
  ),
  'a thousand products, all used again': recursive(
    '(param i32)',
    products(1000),
    '(call $deep (i32.add (local.get 0) (i32.const 1)))',
    products(1000),
  ),
  'a hundred parameters': recursive(
    repeat(100, () => '(param i64)'),
    '',
    `(call $deep ${repeat(100, (i) => `(i64.add (local.get ${i}) (i64.const ${i + 1}))`)})`,
    repeat(100, (i) => `(global.set $x (i64.xor (global.get $x) (local.get ${i})))`),
  ),
  'small functions that may be inlined': recursive(
    '(param i32)',
    repeat(8, (i) => `(global.set $x (i64.extend_i32_u (call $small${i} (local.get 0))))`),
    '(call $deep (i32.add (local.get 0) (i32.const 1)))',
    repeat(8, (i) => `(global.set $x (i64.extend_i32_u (call $small${i} (local.get 0))))`),
    repeat(8, small),
  ),
  'two functions that call each other': recursive(
    '(param i32)',
    products(10),
    '(call $other (i32.add (local.get 0) (i32.const 1)))',
    products(10),
    `(func $other (param i32) ${products(20)} (call $deep (local.get 0)) ${products(20)})`,
  ),
  'a loop around the call': recursive(
    '(param i32) (local i32)',
    '(loop $l',
    `${products(40)} (call $deep (i32.add (local.get 0) (i32.const 1))) ${products(40)}`,
    '(local.set 1 (i32.add (local.get 1) (i32.const 1))) (br_if $l (i32.lt_u (local.get 1) (i32.const 4))))',
  ),
};
