// A game's inventories and its market. Players hold stacks of items and coins, craft items out of others by recipes, and sell
// them to one another. What is on offer is taken out of the seller's inventory, so that nothing is sold or used twice. Offers are
// numbered for each seller: there is no list that all sellers would have to wait for.

import { Address, checked, context, Counter, emit, Map, onlyOwner, require, Set, setOwner } from "blockstm/assembly";

/** Of a sale, the market keeps 1/50, rounded down. */
const feeDivisor: u64 = 50;
/** Ingredients of a recipe; UTF-16 units of a name. */
const ingredientsLimit = 8;
const nameLimit = 24;

class Character {
  constructor(
    public name: string,
    /** Items that it ever crafted. */
    public crafted: u64,
  ) {}
}

class Stack {
  constructor(
    readonly player: Address,
    readonly item: u32,
  ) {}
}

class Ingredient {
  constructor(
    public item: u32,
    public quantity: u64,
  ) {}
}

class Recipe {
  constructor(
    public ingredients: Ingredient[],
    public product: u32,
    /** What one round gives. */
    public quantity: u64,
  ) {}
}

class OfferKey {
  constructor(
    readonly seller: Address,
    readonly number: u32,
  ) {}
}

class Offer {
  constructor(
    public item: u32,
    public quantity: u64,
    /** Coins for one. */
    public price: u64,
  ) {}
}

const characters = new Map<Address, Character>();
const names = new Set<string>();
const coins = new Map<Address, u64>();
const stacks = new Map<Stack, u64>();
const recipes = new Map<u32, Recipe>();
const offers = new Map<OfferKey, Offer>();
const offersMade = new Map<Address, u32>();
/** Coins that the market has kept: every sale adds to it, and no sale waits for another because of it. */
const fees = new Counter();

/** Coins that are new, or were fees. */
@event("player")
class Rewarded {
  constructor(
    readonly player: Address,
    readonly amount: u64,
  ) {}
}

@event("player", "item")
class Given {
  constructor(
    readonly player: Address,
    readonly item: u32,
    readonly quantity: u64,
  ) {}
}

/** How many one round gives; 0: it cannot be crafted any more. */
@event("product")
class RecipeSet {
  constructor(
    readonly product: u32,
    readonly quantity: u64,
  ) {}
}

@event("player")
class Joined {
  constructor(
    readonly player: Address,
    readonly name: string,
  ) {}
}

@event("player", "item")
class Crafted {
  constructor(
    readonly player: Address,
    readonly item: u32,
    readonly quantity: u64,
  ) {}
}

/** What is on offer now; a quantity of 0: nothing any more. */
@event("seller", "item")
class Offered {
  constructor(
    readonly seller: Address,
    readonly number: u32,
    readonly item: u32,
    readonly quantity: u64,
    readonly price: u64,
  ) {}
}

@event("seller", "buyer", "item")
class Sold {
  constructor(
    readonly seller: Address,
    readonly buyer: Address,
    readonly item: u32,
    readonly number: u32,
    readonly quantity: u64,
    readonly cost: u64,
  ) {}
}

/** Makes the caller the game's master: the contract's owner. */
@init
export function create(): void {
  setOwner(context.sender());
}

/** Gives a player coins, new ones. Only the master may; reverts with "no such player" or "overflow". */
export function reward(player: Address, amount: u64): void {
  onlyOwner();
  requirePlayer(player);
  earn(player, amount);
  emit(new Rewarded(player, amount));
}

/** Gives a player items, new ones. Only the master may; reverts with "no such player" or "overflow". */
export function give(player: Address, item: u32, quantity: u64): void {
  onlyOwner();
  requirePlayer(player);
  put(player, item, quantity);
  emit(new Given(player, item, quantity));
}

/**
 * Says how `quantity` of `product` are made, or, with a quantity of 0, that they no longer are. Only the master may; reverts
 * with "too many ingredients" or "zero quantity".
 */
export function setRecipe(product: u32, ingredients: Ingredient[], quantity: u64): void {
  onlyOwner();
  require(ingredients.length <= ingredientsLimit, "too many ingredients");
  for (let index = 0; index < ingredients.length; index++) require(ingredients[index].quantity > 0, "zero quantity");
  if (quantity == 0) recipes.delete(product);
  else recipes.set(product, new Recipe(ingredients, product, quantity));
  emit(new RecipeSet(product, quantity));
}

/** Pays `amount` of the fees out to a player. Only the master may; reverts with "no such player" or "underflow". */
export function payFees(player: Address, amount: u64): void {
  onlyOwner();
  requirePlayer(player);
  fees.subtract(amount);
  earn(player, amount);
  emit(new Rewarded(player, amount));
}

/** Makes the caller a player with a character of this name. Reverts with "already a player", "bad name" or "name taken". */
export function join(name: string): void {
  const player = context.sender();
  const slot = characters.at(player);
  require(!slot.has(), "already a player");
  require(name.length > 0 && name.length <= nameLimit, "bad name");
  require(!names.has(name), "name taken");
  names.add(name);
  slot.set(new Character(name, 0));
  emit(new Joined(player, name));
}

/**
 * Crafts by the recipe for `product`, so many rounds of it, out of the caller's items. Reverts with "no such player",
 * "no such recipe", "not enough items" or "overflow".
 */
export function craft(product: u32, rounds: u32): void {
  const player = context.sender();
  requirePlayer(player);
  const slot = recipes.at(product);
  require(slot.has(), "no such recipe");
  const recipe = slot.get();
  for (let index = 0; index < recipe.ingredients.length; index++) {
    const ingredient = recipe.ingredients[index];
    take(player, ingredient.item, checked.multiply<u64>(ingredient.quantity, rounds));
  }
  const quantity = checked.multiply<u64>(recipe.quantity, rounds);
  put(player, product, quantity);
  const place = characters.at(player);
  const character = place.get();
  character.crafted = checked.add<u64>(character.crafted, quantity);
  place.set(character);
  emit(new Crafted(player, product, quantity));
}

/**
 * Offers items of the caller's inventory at a price for each, and returns the offer's number. Reverts with "no such player",
 * "zero quantity" or "not enough items".
 */
export function sell(item: u32, quantity: u64, price: u64): u32 {
  const seller = context.sender();
  requirePlayer(seller);
  require(quantity > 0, "zero quantity");
  take(seller, item, quantity);
  const made = offersMade.at(seller);
  const number = checked.add<u32>(made.get(), 1);
  made.set(number);
  offers.set(new OfferKey(seller, number), new Offer(item, quantity, price));
  emit(new Offered(seller, number, item, quantity, price));
  return number;
}

/** Takes the rest of the caller's offer back into the inventory. Reverts with "no such offer". */
export function cancel(number: u32): void {
  const seller = context.sender();
  const slot = offers.at(new OfferKey(seller, number));
  require(slot.has(), "no such offer");
  const offer = slot.get();
  slot.remove();
  put(seller, offer.item, offer.quantity);
  emit(new Offered(seller, number, offer.item, 0, offer.price));
}

/**
 * Buys `quantity` of an offer and returns what it cost. An offer never changes its price. Reverts with "no such player", "your own
 * offer", "zero quantity", "no such offer", "not enough on offer", "insufficient coins" or "overflow".
 */
export function buy(seller: Address, number: u32, quantity: u64): u64 {
  const buyer = context.sender();
  requirePlayer(buyer);
  require(buyer != seller, "your own offer");
  require(quantity > 0, "zero quantity");
  const slot = offers.at(new OfferKey(seller, number));
  require(slot.has(), "no such offer");
  const offer = slot.get();
  require(offer.quantity >= quantity, "not enough on offer");
  const cost = checked.multiply<u64>(offer.price, quantity);
  const purse = coins.at(buyer);
  const held = purse.get();
  require(held >= cost, "insufficient coins");
  purse.set(held - cost);
  const fee = cost / feeDivisor;
  fees.add(fee);
  earn(seller, cost - fee);
  put(buyer, offer.item, quantity);
  offer.quantity -= quantity;
  if (offer.quantity == 0) slot.remove();
  else slot.set(offer);
  emit(new Sold(seller, buyer, offer.item, number, quantity, cost));
  return cost;
}

/** Null for who has not joined. */
@view
export function characterOf(player: Address): Character | null {
  const slot = characters.at(player);
  return slot.has() ? slot.get() : null;
}

@view
export function coinsOf(player: Address): u64 {
  return coins.get(player);
}

/** What of an item is in a player's inventory: without what is on offer. */
@view
export function itemsOf(player: Address, item: u32): u64 {
  return stacks.get(new Stack(player, item));
}

/** Null where it is sold or was cancelled. */
@view
export function offerOf(seller: Address, number: u32): Offer | null {
  const slot = offers.at(new OfferKey(seller, number));
  return slot.has() ? slot.get() : null;
}

/** Null where the item cannot be crafted. */
@view
export function recipeOf(product: u32): Recipe | null {
  const slot = recipes.at(product);
  return slot.has() ? slot.get() : null;
}

/** Coins that the market has kept. */
@view
export function feesKept(): u64 {
  return fees.get();
}

function requirePlayer(player: Address): void {
  require(characters.has(player), "no such player");
}

function earn(player: Address, amount: u64): void {
  const purse = coins.at(player);
  purse.set(checked.add<u64>(purse.get(), amount));
}

function put(player: Address, item: u32, quantity: u64): void {
  const stack = stacks.at(new Stack(player, item));
  stack.set(checked.add<u64>(stack.get(), quantity));
}

function take(player: Address, item: u32, quantity: u64): void {
  const stack = stacks.at(new Stack(player, item));
  const held = stack.get();
  require(held >= quantity, "not enough items");
  stack.set(held - quantity);
}
