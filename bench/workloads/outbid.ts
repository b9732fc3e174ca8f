/** Somebody's bid, and what it was paid in. */
export interface Bid {
  readonly bidder: string;
  readonly coin: number;
}

/** Who has been outbid and has coins to fetch, if the calls so far are executed in order. */
export class Outbid {
  readonly #highest = new Map<number, Bid>();
  readonly #waiting: Bid[] = [];
  /** Those that are waiting, once each. */
  readonly #known = new Set<string>();

  get count(): number {
    return this.#waiting.length;
  }

  bid(auction: number, bid: Bid): void {
    const before = this.#highest.get(auction);
    this.#highest.set(auction, bid);
    if (before === undefined || this.#known.has(nameOf(before))) return;
    this.#known.add(nameOf(before));
    this.#waiting.push(before);
  }

  /** Takes away number `index` of those that are waiting. */
  take(index: number): Bid {
    const taken = this.#waiting[index] as Bid;
    // The last one takes the place.
    this.#waiting[index] = this.#waiting.at(-1) as Bid;
    this.#waiting.pop();
    this.#known.delete(nameOf(taken));
    return taken;
  }
}

function nameOf({ bidder, coin }: Bid): string {
  return `${bidder} ${coin}`;
}
