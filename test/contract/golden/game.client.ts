// The client of the contract "game", made from its interface: to change it, make it anew.

import { type AddressInput, defineClient, type IntegerInput } from 'blockstm';

export interface Ingredient {
  readonly item: number;
  readonly quantity: bigint;
}

/** What Ingredient is taken from. */
export interface IngredientInput {
  readonly item: IntegerInput;
  readonly quantity: IntegerInput;
}

export interface Character {
  readonly name: string;
  readonly crafted: bigint;
}

/** What Character is taken from. */
export interface CharacterInput {
  readonly name: string;
  readonly crafted: IntegerInput;
}

export interface Offer {
  readonly item: number;
  readonly quantity: bigint;
  readonly price: bigint;
}

/** What Offer is taken from. */
export interface OfferInput {
  readonly item: IntegerInput;
  readonly quantity: IntegerInput;
  readonly price: IntegerInput;
}

export interface Recipe {
  readonly ingredients: readonly Ingredient[];
  readonly product: number;
  readonly quantity: bigint;
}

/** What Recipe is taken from. */
export interface RecipeInput {
  readonly ingredients: readonly IngredientInput[];
  readonly product: IntegerInput;
  readonly quantity: IntegerInput;
}

/** The types of the contract "game". */
export type GameTypes = {
  methods: {
    /** Makes the caller the game's master: the contract's owner. */
    create: { kind: 'init'; input: {}; output: undefined };
    /** Gives a player coins, new ones. Only the master may; reverts with "no such player" or "overflow". */
    reward: { kind: 'call'; input: { player: AddressInput; amount: IntegerInput }; output: undefined };
    /** Gives a player items, new ones. Only the master may; reverts with "no such player" or "overflow". */
    give: { kind: 'call'; input: { player: AddressInput; item: IntegerInput; quantity: IntegerInput }; output: undefined };
    /** Says how `quantity` of `product` are made, or, with a quantity of 0, that they no longer are. Only the master may; reverts with "too many ingredients" or "zero quantity". */
    setRecipe: { kind: 'call'; input: { product: IntegerInput; ingredients: readonly IngredientInput[]; quantity: IntegerInput }; output: undefined };
    /** Pays `amount` of the fees out to a player. Only the master may; reverts with "no such player" or "underflow". */
    payFees: { kind: 'call'; input: { player: AddressInput; amount: IntegerInput }; output: undefined };
    /** Makes the caller a player with a character of this name. Reverts with "already a player", "bad name" or "name taken". */
    join: { kind: 'call'; input: { name: string }; output: undefined };
    /** Crafts by the recipe for `product`, so many rounds of it, out of the caller's items. Reverts with "no such player", "no such recipe", "not enough items" or "overflow". */
    craft: { kind: 'call'; input: { product: IntegerInput; rounds: IntegerInput }; output: undefined };
    /** Offers items of the caller's inventory at a price for each, and returns the offer's number. Reverts with "no such player", "zero quantity" or "not enough items". */
    sell: { kind: 'call'; input: { item: IntegerInput; quantity: IntegerInput; price: IntegerInput }; output: number };
    /** Takes the rest of the caller's offer back into the inventory. Reverts with "no such offer". */
    cancel: { kind: 'call'; input: { number: IntegerInput }; output: undefined };
    /** Buys `quantity` of an offer and returns what it cost. An offer never changes its price. Reverts with "no such player", "your own offer", "zero quantity", "no such offer", "not enough on offer", "insufficient coins" or "overflow". */
    buy: { kind: 'call'; input: { seller: AddressInput; number: IntegerInput; quantity: IntegerInput }; output: bigint };
    /** Null for who has not joined. */
    characterOf: { kind: 'view'; input: { player: AddressInput }; output: Character | null };
    coinsOf: { kind: 'view'; input: { player: AddressInput }; output: bigint };
    /** What of an item is in a player's inventory: without what is on offer. */
    itemsOf: { kind: 'view'; input: { player: AddressInput; item: IntegerInput }; output: bigint };
    /** Null where it is sold or was cancelled. */
    offerOf: { kind: 'view'; input: { seller: AddressInput; number: IntegerInput }; output: Offer | null };
    /** Null where the item cannot be crafted. */
    recipeOf: { kind: 'view'; input: { product: IntegerInput }; output: Recipe | null };
    /** Coins that the market has kept. */
    feesKept: { kind: 'view'; input: {}; output: bigint };
  };
  events: {
    Rewarded: { player: Uint8Array; amount: bigint };
    Given: { player: Uint8Array; item: number; quantity: bigint };
    RecipeSet: { product: number; quantity: bigint };
    Joined: { player: Uint8Array; name: string };
    Crafted: { player: Uint8Array; item: number; quantity: bigint };
    Offered: { seller: Uint8Array; number: number; item: number; quantity: bigint; price: bigint };
    Sold: { seller: Uint8Array; buyer: Uint8Array; item: number; number: number; quantity: bigint; cost: bigint };
  };
};

/** The contract "game": `runtime.contract(Game, address)`. */
export const Game = defineClient<GameTypes>({
  schema: "blockstm.interface/1",
  name: "game",
  methods: [
    {"name":"create","kind":"init","inputs":[],"output":null,"doc":"Makes the caller the game's master: the contract's owner."},
    {"name":"reward","kind":"call","inputs":[{"name":"player","type":"address"},{"name":"amount","type":"u64"}],"output":null,"doc":"Gives a player coins, new ones. Only the master may; reverts with \"no such player\" or \"overflow\"."},
    {"name":"give","kind":"call","inputs":[{"name":"player","type":"address"},{"name":"item","type":"u32"},{"name":"quantity","type":"u64"}],"output":null,"doc":"Gives a player items, new ones. Only the master may; reverts with \"no such player\" or \"overflow\"."},
    {"name":"setRecipe","kind":"call","inputs":[{"name":"product","type":"u32"},{"name":"ingredients","type":"Ingredient[]"},{"name":"quantity","type":"u64"}],"output":null,"doc":"Says how `quantity` of `product` are made, or, with a quantity of 0, that they no longer are. Only the master may; reverts with \"too many ingredients\" or \"zero quantity\"."},
    {"name":"payFees","kind":"call","inputs":[{"name":"player","type":"address"},{"name":"amount","type":"u64"}],"output":null,"doc":"Pays `amount` of the fees out to a player. Only the master may; reverts with \"no such player\" or \"underflow\"."},
    {"name":"join","kind":"call","inputs":[{"name":"name","type":"string"}],"output":null,"doc":"Makes the caller a player with a character of this name. Reverts with \"already a player\", \"bad name\" or \"name taken\"."},
    {"name":"craft","kind":"call","inputs":[{"name":"product","type":"u32"},{"name":"rounds","type":"u32"}],"output":null,"doc":"Crafts by the recipe for `product`, so many rounds of it, out of the caller's items. Reverts with \"no such player\", \"no such recipe\", \"not enough items\" or \"overflow\"."},
    {"name":"sell","kind":"call","inputs":[{"name":"item","type":"u32"},{"name":"quantity","type":"u64"},{"name":"price","type":"u64"}],"output":"u32","doc":"Offers items of the caller's inventory at a price for each, and returns the offer's number. Reverts with \"no such player\", \"zero quantity\" or \"not enough items\"."},
    {"name":"cancel","kind":"call","inputs":[{"name":"number","type":"u32"}],"output":null,"doc":"Takes the rest of the caller's offer back into the inventory. Reverts with \"no such offer\"."},
    {"name":"buy","kind":"call","inputs":[{"name":"seller","type":"address"},{"name":"number","type":"u32"},{"name":"quantity","type":"u64"}],"output":"u64","doc":"Buys `quantity` of an offer and returns what it cost. An offer never changes its price. Reverts with \"no such player\", \"your own offer\", \"zero quantity\", \"no such offer\", \"not enough on offer\", \"insufficient coins\" or \"overflow\"."},
    {"name":"characterOf","kind":"view","inputs":[{"name":"player","type":"address"}],"output":"Character?","doc":"Null for who has not joined."},
    {"name":"coinsOf","kind":"view","inputs":[{"name":"player","type":"address"}],"output":"u64"},
    {"name":"itemsOf","kind":"view","inputs":[{"name":"player","type":"address"},{"name":"item","type":"u32"}],"output":"u64","doc":"What of an item is in a player's inventory: without what is on offer."},
    {"name":"offerOf","kind":"view","inputs":[{"name":"seller","type":"address"},{"name":"number","type":"u32"}],"output":"Offer?","doc":"Null where it is sold or was cancelled."},
    {"name":"recipeOf","kind":"view","inputs":[{"name":"product","type":"u32"}],"output":"Recipe?","doc":"Null where the item cannot be crafted."},
    {"name":"feesKept","kind":"view","inputs":[],"output":"u64","doc":"Coins that the market has kept."},
  ],
  events: [
    {"name":"Rewarded","fields":[{"name":"player","type":"address","indexed":true},{"name":"amount","type":"u64","indexed":false}]},
    {"name":"Given","fields":[{"name":"player","type":"address","indexed":true},{"name":"item","type":"u32","indexed":true},{"name":"quantity","type":"u64","indexed":false}]},
    {"name":"RecipeSet","fields":[{"name":"product","type":"u32","indexed":true},{"name":"quantity","type":"u64","indexed":false}]},
    {"name":"Joined","fields":[{"name":"player","type":"address","indexed":true},{"name":"name","type":"string","indexed":false}]},
    {"name":"Crafted","fields":[{"name":"player","type":"address","indexed":true},{"name":"item","type":"u32","indexed":true},{"name":"quantity","type":"u64","indexed":false}]},
    {"name":"Offered","fields":[{"name":"seller","type":"address","indexed":true},{"name":"number","type":"u32","indexed":false},{"name":"item","type":"u32","indexed":true},{"name":"quantity","type":"u64","indexed":false},{"name":"price","type":"u64","indexed":false}]},
    {"name":"Sold","fields":[{"name":"seller","type":"address","indexed":true},{"name":"buyer","type":"address","indexed":true},{"name":"item","type":"u32","indexed":true},{"name":"number","type":"u32","indexed":false},{"name":"quantity","type":"u64","indexed":false},{"name":"cost","type":"u64","indexed":false}]},
  ],
  structs: [
    {"name":"Ingredient","fields":[{"name":"item","type":"u32"},{"name":"quantity","type":"u64"}]},
    {"name":"Character","fields":[{"name":"name","type":"string"},{"name":"crafted","type":"u64"}]},
    {"name":"Offer","fields":[{"name":"item","type":"u32"},{"name":"quantity","type":"u64"},{"name":"price","type":"u64"}]},
    {"name":"Recipe","fields":[{"name":"ingredients","type":"Ingredient[]"},{"name":"product","type":"u32"},{"name":"quantity","type":"u64"}]},
  ],
});
