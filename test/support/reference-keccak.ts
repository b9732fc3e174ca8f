/** Keccak with a rate of 136 bytes, after the text of FIPS 202 and nothing else: lanes are bigints, and nothing is unrolled. */

const RATE = 136;
const LANES = 25;

function rotate(lane: bigint, by: number): bigint {
  return BigInt.asUintN(64, (lane << BigInt(by)) | (lane >> BigInt(64 - by)));
}

/** The rotations of rho, by lane: walked through as its definition does. */
const ROTATIONS = new Array<number>(LANES).fill(0);
for (let step = 0, x = 1, y = 0; step < 24; step++) {
  ROTATIONS[x + 5 * y] = (((step + 1) * (step + 2)) / 2) % 64;
  [x, y] = [y, (2 * x + 3 * y) % 5];
}

/** The constants of iota: bits of a linear feedback shift register. */
const CONSTANTS: bigint[] = [];
for (let round = 0, register = 1; round < 24; round++) {
  let constant = 0n;
  for (let bit = 0; bit < 7; bit++) {
    if (register & 1) constant |= 1n << BigInt((1 << bit) - 1);
    register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
  }
  CONSTANTS.push(constant);
}

function permute(state: bigint[]): void {
  const lane = (index: number): bigint => state[index] as bigint;
  for (const constant of CONSTANTS) {
    const columns = [0, 1, 2, 3, 4].map((x) => [0, 5, 10, 15, 20].reduce((sum, row) => sum ^ lane(x + row), 0n));
    const column = (x: number): bigint => columns[(x + 5) % 5] as bigint;
    for (let i = 0; i < LANES; i++) state[i] = lane(i) ^ column((i % 5) - 1) ^ rotate(column((i % 5) + 1), 1);
    const moved = new Array<bigint>(LANES);
    for (let x = 0; x < 5; x++)
      for (let y = 0; y < 5; y++)
        moved[y + 5 * ((2 * x + 3 * y) % 5)] = rotate(lane(x + 5 * y), ROTATIONS[x + 5 * y] as number);
    const at = (x: number, row: number): bigint => moved[(x % 5) + row] as bigint;
    for (let i = 0; i < LANES; i++) {
      const [x, row] = [i % 5, i - (i % 5)];
      state[i] = at(x, row) ^ (BigInt.asUintN(64, ~at(x + 1, row)) & at(x + 2, row));
    }
    state[0] = lane(0) ^ constant;
  }
}

/** 32 bytes. `suffix`: the bits after the message and the first of the padding: 1 for Keccak, 6 for SHA-3. */
export function referenceKeccak(message: Uint8Array, suffix: number): Uint8Array {
  const padded = new Uint8Array((Math.floor(message.length / RATE) + 1) * RATE);
  padded.set(message);
  padded[message.length] = suffix;
  padded[padded.length - 1] = (padded.at(-1) as number) | 0x80;
  const state = new Array<bigint>(LANES).fill(0n);
  const view = new DataView(padded.buffer);
  for (let block = 0; block < padded.length; block += RATE) {
    for (let i = 0; i < RATE / 8; i++) state[i] = (state[i] as bigint) ^ view.getBigUint64(block + 8 * i, true);
    permute(state);
  }
  const digest = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 4; i++) digest.setBigUint64(8 * i, state[i] as bigint, true);
  return new Uint8Array(digest.buffer);
}
