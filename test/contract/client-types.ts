// What the compiler says of a client: `npm run typecheck` fails where a line that must not compile does, and where one that must does not. Nothing here runs.

import { createRuntime, type Receipt, type Transaction } from 'blockstm';
import { NightMarket, type Order } from './golden/market.client.js';
import { Started } from './golden/started.client.js';

/** Compiles only where both are the same type. */
function same<Left, Right>(
  ..._: (<T>() => T extends Left ? 1 : 2) extends <T>() => T extends Right ? 1 : 2 ? [] : [never]
): void {}

declare const receipt: Receipt;
const sender = new Uint8Array(32);
const runtime = await createRuntime();
const market = runtime.contract(NightMarket, sender);
const started = runtime.contract(Started, sender);

// Arguments: wide in what is taken.
const order = { maker: sender, price: '12', memo: null, legs: [{ amount: 1 }, { amount: 2n }] };
same<ReturnType<typeof market.call.place>, Transaction>();
market.call.place(sender, { order, deadline: 5 });
market.call.place(sender, { order: { ...order, maker: '0x00' }, deadline: 5n }, { gasLimit: 9 });
market.call.placeAll(sender, { orders: [order] });
market.call.constructor(sender, { 'not an identifier': '0xff' });
started.call.value(sender);
started.call.value(sender, {}, { gasLimit: 9 });
// @ts-expect-error it is not a number of any kind
market.call.place(sender, { order, deadline: true });
// @ts-expect-error digits without 0x are no address
market.call.place(sender, { order: { ...order, maker: '00' }, deadline: 5 });
// @ts-expect-error the deadline is missing
market.call.place(sender, { order });
// @ts-expect-error nobody takes a fee
market.call.place(sender, { order, deadline: 5, fee: 1 });
// @ts-expect-error there are arguments to be given
market.call.place(sender);
// @ts-expect-error it takes none
started.call.value(sender, { to: 1 });
// @ts-expect-error whoever calls is known by bytes
started.call.value('alice');
// @ts-expect-error there is no such method
market.call.sell(sender);
// @ts-expect-error it was called by the deployment
market.call.open(sender, { owner: sender });
// @ts-expect-error it is called by an upgrade
market.call.upgrade(sender);
// @ts-expect-error null is no order
market.call.placeAll(sender, { orders: [null] });

// What is decoded: exact.
const best = await market.view.best({ of: [null, sender], at: -1 }, { sender });
same<typeof best, Order | null>();
same<Order['price'], bigint>();
same<Order['memo'], string | null>();
const book = await market.view.book();
same<typeof book, readonly (readonly (Order | null)[])[] | null>();
const id = await market.view.place({ order, deadline: 5 });
same<typeof id, bigint>();
const placed = market.decode.placeAll(receipt);
same<typeof placed, readonly boolean[]>();
const nothing = market.decode.open(receipt);
same<typeof nothing, undefined>();
const value = await started.view.value();
same<typeof value, bigint>();
// @ts-expect-error the arguments are missing
await market.view.best();

// Events.
for (const event of market.events(receipt)) {
  same<typeof event.name, 'Placed' | 'Closed'>();
  if (event.name === 'Placed') same<typeof event.fields.order.price, bigint>();
  // @ts-expect-error only one of them has an order
  void event.fields.order;
}
for await (const event of runtime.subscribe('events', { contract: started })) {
  same<typeof event.name, 'Start'>();
  same<typeof event.fields.amount, bigint>();
  same<typeof event.height, bigint>();
}
for await (const event of runtime.subscribe('events', { contract: sender })) {
  same<typeof event.topic, Uint8Array>();
  // @ts-expect-error without a client nobody knows
  void event.fields;
}
// @ts-expect-error blocks have no filter
runtime.subscribe('blocks', { contract: started });
