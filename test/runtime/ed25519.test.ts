import { createPublicKey, verify as strictlyVerify } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bytesOf, Hashing, message, type Signed, signed } from '../support/hashing.js';
import { Random } from '../support/random.js';

let hashing: Hashing;
beforeAll(async () => {
  hashing = await Hashing.open();
}, 60_000);
afterAll(() => hashing[Symbol.asyncDispose]());

async function verdicts(signed: readonly Signed[]): Promise<unknown[]> {
  const found: unknown[] = [];
  // Four take most of the gas of a call, and a block of many takes long.
  for (let from = 0; from < signed.length; from += 50)
    found.push(
      ...(await hashing.outputs(
        'check',
        signed.slice(from, from + 50).map((each) => ({ ...each })),
      )),
    );
  return found;
}

/** As RFC 8032 has it without cofactor, which is what OpenSSL does. */
function strictly({ signature, message, publicKey }: Signed): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return strictlyVerify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The signature with the group's order added to its scalar: the same equation, another encoding. */
function malleated(signature: Uint8Array): Uint8Array {
  let scalar = [...signature.slice(32)].reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n) + ORDER;
  const changed = signature.slice();
  for (let at = 32; at < 64; at++, scalar >>= 8n) changed[at] = Number(scalar & 255n);
  return changed;
}

/** All encodings of the eight points of small order that ZIP 215 takes: each canonical, then those that are not. */
const SMALL_ORDER = [
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '00'.repeat(32),
  `${'00'.repeat(31)}80`,
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  `01${'00'.repeat(30)}80`,
  `ec${'ff'.repeat(31)}`,
  `ee${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(31)}`,
  `ed${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(31)}`,
].map(bytesOf);

describe('ed25519', () => {
  // RFC 8032, 7.1: tests 1 to 3.
  test.each([
    [
      '',
      'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    ],
    [
      '72',
      '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    ],
    [
      'af82',
      'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    ],
  ])('RFC 8032 signs %j', async (text, key, signature) => {
    const vector = { signature: bytesOf(signature), message: bytesOf(text), publicKey: bytesOf(key) };
    expect(await verdicts([vector, { ...vector, message: bytesOf(`${text}00`) }])).toEqual([true, false]);
  });

  test('what node:crypto signs is right, and wrong with any bit of it changed', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = new Random(seed);
    const right = [...[0, 1, 8, 127, 128, 65_000], random.below(500), random.below(500)].map((n) =>
      signed(message(n, seed)),
    );
    expect(await verdicts(right), `seed ${seed}`).toEqual(right.map(() => true));
    const flip = (bytes: Uint8Array, at = random.below(bytes.length * 8)): Uint8Array =>
      bytes.map((byte, index) => (index === at >> 3 ? byte ^ (1 << (at & 7)) : byte));
    const wrong = right.flatMap((each) => [
      { ...each, signature: flip(each.signature, random.below(256)) },
      { ...each, signature: flip(each.signature, 256 + random.below(256)) },
      { ...each, publicKey: flip(each.publicKey) },
      ...(each.message.length > 0 ? [{ ...each, message: flip(each.message) }] : []),
    ]);
    expect(await verdicts(wrong), `seed ${seed}`).toEqual(wrong.map(() => false));
  });

  test('of ZIP 215: points of small order count, however they are encoded, where the stricter rule refuses some', async () => {
    const pairs = SMALL_ORDER.flatMap((publicKey) =>
      SMALL_ORDER.map((point) => ({
        publicKey,
        message: Buffer.from('Zcash'),
        signature: Buffer.concat([point, new Uint8Array(32)]),
      })),
    );
    expect(await verdicts(pairs)).toEqual(pairs.map(() => true));
    const refused = pairs.filter((each) => !strictly(each)).length;
    expect(refused).toBeGreaterThan(100);
    // For what they are, and not for how they are given: of Node 24 on, it refuses all of them.
    expect(strictly(signed(message(5)))).toBe(true);
  });

  test('of ZIP 215: a scalar that is not reduced is refused, and so is what is no point', async () => {
    const right = signed(message(20));
    const { signature } = right;
    // y = 2 is the height of no point.
    const noPoint = bytesOf(`02${'00'.repeat(31)}`);
    const malformed: Signed[] = [
      { ...right, signature: malleated(signature) },
      { ...right, signature: Buffer.concat([SMALL_ORDER[0] as Uint8Array, malleated(new Uint8Array(64)).slice(32)]) },
      { ...right, signature: Buffer.concat([signature.slice(0, 32), new Uint8Array(32).fill(255)]) },
      { ...right, signature: Buffer.concat([noPoint, signature.slice(32)]) },
      { ...right, publicKey: noPoint },
      { ...right, publicKey: new Uint8Array(32).fill(255), signature: new Uint8Array(64).fill(255) },
    ];
    expect(await verdicts(malformed)).toEqual(malformed.map(() => false));
  });

  test('a signature or a key of another length is wrong', async () => {
    const right = signed(message(20));
    const lengths: Signed[] = [
      { ...right, signature: new Uint8Array(0) },
      { ...right, signature: right.signature.slice(0, 63) },
      { ...right, signature: Buffer.concat([right.signature, new Uint8Array(1)]) },
      { ...right, publicKey: right.publicKey.slice(0, 31) },
      { ...right, publicKey: Buffer.concat([right.publicKey, new Uint8Array(1)]) },
      { signature: new Uint8Array(0), message: new Uint8Array(0), publicKey: new Uint8Array(0) },
    ];
    expect(await verdicts(lengths)).toEqual(lengths.map(() => false));
  });
});
