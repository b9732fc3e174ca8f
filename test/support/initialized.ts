import type { ContractInterface, MethodInterface } from '../../dist/host/contract/interface.js';
import { appendCustomSection } from '../../dist/host/contract/section.js';
import { textToWasm } from './wasm-text.js';

/**
 * A contract that remembers what it was made with. `start` takes a u64, keeps it at one key and who called at another, announces it, and reverts with "none" where it is 0;
 * `value` gives it back; `begin` keeps 7. `set` is as `start`.
 */
const TEXT = `(module
  (import "blockstm" "push" (func $push (param i64)))
  (import "blockstm" "lookup" (func $lookup (param i32) (result i32)))
  (import "blockstm" "read" (func $read (param i32) (result i32)))
  (import "blockstm" "write" (func $write (param i32 i32)))
  (import "blockstm" "take" (func $take (result i64)))
  (import "blockstm" "input" (func $input (result i32)))
  (import "blockstm" "output" (func $output (param i32)))
  (import "blockstm" "sender" (func $sender))
  (import "blockstm" "event" (func $event (param i32 i32)))
  (import "blockstm" "revert" (func $revert (param i32)))

  (func $slot (param $key i64) (result i32)
    (call $push (local.get $key))
    (call $lookup (i32.const 8)))

  (func $keep (param $key i64) (param $word i64) (local $at i32)
    (local.set $at (call $slot (local.get $key)))
    (call $push (local.get $word))
    (call $write (local.get $at) (i32.const 8)))

  (func $start (export "start") (local $amount i64)
    (drop (call $input))
    (local.set $amount (call $take))
    (call $keep (i64.const 1) (local.get $amount))
    (call $sender)
    (call $keep (i64.const 2) (call $take))
    (call $push (i64.const 0x7472617453)) ;; "Start"
    (call $push (local.get $amount))
    (call $event (i32.const 5) (i32.const 8))
    (if (i64.eqz (local.get $amount)) (then
      (call $push (i64.const 0x656e6f6e)) ;; "none"
      (call $revert (i32.const 4)))))

  (func (export "set") (call $start))

  (func (export "begin") (call $keep (i64.const 1) (i64.const 7)))

  (func (export "value") (local $at i32)
    (local.set $at (call $slot (i64.const 1)))
    (drop (call $read (local.get $at)))
    (call $push (call $take))
    (call $output (i32.const 8))))`;

const code = textToWasm(TEXT);

const amount = [{ name: 'amount', type: 'u64' }];
const value: MethodInterface = { name: 'value', kind: 'view', inputs: [], output: 'u64' };

/** Its interface, where this method is called as it is deployed. */
export function startedInterface(init?: 'start' | 'begin'): ContractInterface {
  const method = (name: string, inputs: MethodInterface['inputs']): MethodInterface => {
    return { name, ...(name === init && { kind: 'init' }), inputs, output: null };
  };
  return {
    schema: 'blockstm.interface/1',
    name: 'started',
    methods: [method('start', amount), method('begin', []), value, method('set', amount)],
    events: [{ name: 'Start', fields: [{ name: 'amount', type: 'u64' }] }],
  };
}

/** The module, with an interface. */
export function startedWasm(contract: ContractInterface): Uint8Array {
  return appendCustomSection(code, 'blockstm.interface', new TextEncoder().encode(JSON.stringify(contract)));
}
