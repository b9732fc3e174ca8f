// Goods on their way: who made an item, who holds it, where it was and when, who vouches for it. Both sides confirm that it
// changes hands. What is known of an item lies under its number, so that calls for different items never wait for one another.

import { Address, context, emit, Map, onlyOwner, Roles, require, setOwner } from "blockstm/assembly";

/** `historyOf` gives so many checkpoints at most. */
const pageLimit: u32 = 50;

/** What happened where a checkpoint was made. */
enum Step {
  Registered,
  Moved,
  Received,
  Recalled,
}

class Item {
  constructor(
    public producer: Address,
    public holder: Address,
    /** To whom it is being handed over; null where it stays. */
    public receiver: Address | null,
    public description: string,
    /** Checkpoints so far. */
    public steps: u32,
    public recalled: bool,
  ) {}
}

class Checkpoint {
  constructor(
    /** 0 registered, 1 moved, 2 received, 3 recalled. */
    public step: u8,
    public by: Address,
    /** Where; why, of a recall. */
    public place: string,
    /** Unix time in seconds. */
    public time: u64,
  ) {}
}

class CheckpointKey {
  constructor(
    readonly item: u64,
    readonly index: u32,
  ) {}
}

class CertificateKey {
  constructor(
    readonly item: u64,
    readonly standard: string,
  ) {}
}

class Certificate {
  constructor(
    public by: Address,
    public time: u64,
  ) {}
}

const items = new Map<u64, Item>();
const checkpoints = new Map<CheckpointKey, Checkpoint>();
const certificates = new Map<CertificateKey, Certificate>();
const roles = new Roles();

@event("item", "producer")
class Registered {
  constructor(
    readonly item: u64,
    readonly producer: Address,
    readonly description: string,
  ) {}
}

@event("item", "to")
class Offered {
  constructor(
    readonly item: u64,
    readonly from: Address,
    readonly to: Address,
  ) {}
}

/** The offer was taken back. */
@event("item")
class Kept {
  constructor(readonly item: u64) {}
}

@event("item", "to")
class Received {
  constructor(
    readonly item: u64,
    readonly from: Address,
    readonly to: Address,
    readonly place: string,
  ) {}
}

@event("item")
class Moved {
  constructor(
    readonly item: u64,
    readonly place: string,
  ) {}
}

@event("item", "by")
class Certified {
  constructor(
    readonly item: u64,
    readonly by: Address,
    readonly standard: string,
    /** False where a certificate was taken back. */
    readonly valid: bool,
  ) {}
}

@event("item")
class Recalled {
  constructor(
    readonly item: u64,
    readonly reason: string,
  ) {}
}

@event("account")
class RoleSet {
  constructor(
    readonly account: Address,
    readonly role: string,
    readonly given: bool,
  ) {}
}

/** Makes the caller the contract's owner, who says who produces and who certifies. */
@init
export function create(): void {
  setOwner(context.sender());
}

/** Gives or takes a role: "producer" or "certifier". Only the contract's owner may; reverts with "no such role". */
export function setRole(account: Address, role: string, given: bool): void {
  onlyOwner();
  require(role == "producer" || role == "certifier", "no such role");
  if (given) roles.grant(role, account);
  else roles.revoke(role, account);
  emit(new RoleSet(account, role, given));
}

/** Registers a new item, which the caller holds. Only a producer may; reverts with "already registered". */
export function register(item: u64, description: string, place: string): void {
  roles.require("producer");
  const slot = items.at(item);
  require(!slot.has(), "already registered");
  const producer = context.sender();
  const state = new Item(producer, producer, null, description, 0, false);
  note(item, state, Step.Registered, place);
  slot.set(state);
  emit(new Registered(item, producer, description));
}

/**
 * Offers an item to `to`, who becomes its holder by `receive`; instead of whoever it was offered to before. Only the holder
 * may. A recalled item goes nowhere but to its producer: else this reverts with "recalled". Reverts with "no such item",
 * "only the holder may do this" or "to the holder".
 */
export function handOver(item: u64, to: Address): void {
  const state = known(item);
  requireHolder(state);
  require(to != state.holder, "to the holder");
  require(!state.recalled || to == state.producer, "recalled");
  state.receiver = to;
  items.set(item, state);
  emit(new Offered(item, state.holder, to));
}

/** Takes the offer back. Only the holder may; reverts with "no such item", "only the holder may do this" or "not offered". */
export function keep(item: u64): void {
  const state = known(item);
  requireHolder(state);
  require(state.receiver != null, "not offered");
  state.receiver = null;
  items.set(item, state);
  emit(new Kept(item));
}

/** Confirms that the caller has the item, which was offered to it. Reverts with "no such item", "not offered" or "recalled". */
export function receive(item: u64, place: string): void {
  const state = known(item);
  const to = context.sender();
  require(state.receiver == to, "not offered");
  // It may have been recalled after it was offered.
  require(!state.recalled || to == state.producer, "recalled");
  const from = state.holder;
  state.holder = to;
  state.receiver = null;
  note(item, state, Step.Received, place);
  items.set(item, state);
  emit(new Received(item, from, to, place));
}

/** Notes where the item is now. Only the holder may; reverts with "no such item" or "only the holder may do this". */
export function move(item: u64, place: string): void {
  const state = known(item);
  requireHolder(state);
  note(item, state, Step.Moved, place);
  items.set(item, state);
  emit(new Moved(item, place));
}

/** Vouches that the item meets a standard. Only a certifier may; reverts with "no such item", "recalled" or "already certified". */
export function certify(item: u64, standard: string): void {
  roles.require("certifier");
  require(!known(item).recalled, "recalled");
  const slot = certificates.at(new CertificateKey(item, standard));
  require(!slot.has(), "already certified");
  const by = context.sender();
  slot.set(new Certificate(by, context.timestamp()));
  emit(new Certified(item, by, standard, true));
}

/** Takes a certificate back. Only who gave it may: else, and where there is none, this reverts with "not certified by you". */
export function withdrawCertificate(item: u64, standard: string): void {
  const slot = certificates.at(new CertificateKey(item, standard));
  const by = context.sender();
  require(slot.has() && slot.get().by == by, "not certified by you");
  slot.remove();
  emit(new Certified(item, by, standard, false));
}

/** Calls the item back, for good. Only its producer may; reverts with "no such item", "only the producer may do this" or "recalled". */
export function recall(item: u64, reason: string): void {
  const state = known(item);
  require(state.producer == context.sender(), "only the producer may do this");
  require(!state.recalled, "recalled");
  state.recalled = true;
  note(item, state, Step.Recalled, reason);
  items.set(item, state);
  emit(new Recalled(item, reason));
}

/** Reverts with "no such item". */
@view
export function itemOf(item: u64): Item {
  return known(item);
}

/** Checkpoints from the one of index `first` on, the oldest first: `count` of them, at most 50. Reverts with "no such item". */
@view
export function historyOf(item: u64, first: u32, count: u32): Checkpoint[] {
  const steps = known(item).steps;
  const page = new Array<Checkpoint>();
  for (let index = first; index < steps && index - first < min(count, pageLimit); index++) {
    page.push(checkpoints.get(new CheckpointKey(item, index)));
  }
  return page;
}

/** The certificate that the item meets a standard; null where there is none, or the item was recalled. Reverts with "no such item". */
@view
export function certificateOf(item: u64, standard: string): Certificate | null {
  const slot = certificates.at(new CertificateKey(item, standard));
  return !known(item).recalled && slot.has() ? slot.get() : null;
}

function known(item: u64): Item {
  const slot = items.at(item);
  require(slot.has(), "no such item");
  return slot.get();
}

function requireHolder(item: Item): void {
  require(item.holder == context.sender(), "only the holder may do this");
}

function note(item: u64, state: Item, step: Step, place: string): void {
  checkpoints.set(new CheckpointKey(item, state.steps), new Checkpoint(<u8>step, context.sender(), place, context.timestamp()));
  state.steps++;
}
