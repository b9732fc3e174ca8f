import type { ContractInterface } from '../../dist/host/contract/interface.js';

/** An interface that has something of everything; of names and texts too, that a client must not take for code. */
export const market: ContractInterface = {
  schema: 'blockstm.interface/1',
  name: 'night-market',
  methods: [
    { name: 'open', kind: 'init', inputs: [{ name: 'owner', type: 'address' }], output: null },
    {
      name: 'place',
      inputs: [
        { name: 'order', type: 'Order' },
        { name: 'deadline', type: 'u32' },
      ],
      output: 'u64',
      doc: 'Places an order. */ process.exit(1); /*\nIt can be taken until the deadline.',
    },
    { name: 'placeAll', inputs: [{ name: 'orders', type: 'Order[]' }], output: 'bool[]' },
    {
      name: 'best',
      kind: 'view',
      inputs: [
        { name: 'of', type: 'address?[]' },
        { name: 'at', type: 'i64' },
      ],
      output: 'Order?',
      doc: 'The best order.',
    },
    { name: 'book', kind: 'view', inputs: [], output: 'Order?[][]?' },
    { name: 'constructor', inputs: [{ name: 'not an identifier', type: 'bytes' }], output: 'string' },
    { name: 'upgrade', kind: 'migrate', inputs: [], output: null },
  ],
  events: [
    {
      name: 'Placed',
      fields: [
        { name: 'maker', type: 'address', indexed: true },
        { name: 'order', type: 'Order', indexed: false },
      ],
    },
    { name: 'Closed', fields: [] },
  ],
  structs: [
    {
      name: 'Order',
      fields: [
        { name: 'maker', type: 'address' },
        { name: 'price', type: 'u256' },
        { name: 'memo', type: 'string?' },
        { name: 'legs', type: 'Uint8Array[]' },
      ],
    },
    { name: 'Uint8Array', fields: [{ name: 'amount', type: 'u128' }] },
  ],
};
