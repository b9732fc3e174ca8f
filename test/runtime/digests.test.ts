import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Hashing, hex, message } from '../support/hashing.js';
import { Random } from '../support/random.js';
import { referenceKeccak } from '../support/reference-keccak.js';

let hashing: Hashing;
beforeAll(async () => {
  hashing = await Hashing.open();
}, 60_000);
afterAll(() => hashing[Symbol.asyncDispose]());

async function digests(method: string, messages: readonly Uint8Array[]): Promise<string[]> {
  const found = await hashing.outputs(
    method,
    messages.map((message) => ({ message })),
  );
  return found.map((each) => hex(each as Uint8Array));
}

/** Around the ends of words, of blocks of 64, 128 and 136 bytes, and of BLAKE3's chunks; the last is all that a call can be given. */
const LENGTHS = [
  ...[0, 1, 7, 8, 9, 31, 32, 33, 55, 56, 63, 64, 65, 111, 112, 119, 120, 127, 128, 129, 135, 136, 137, 271, 272, 273],
  ...[1023, 1024, 1025, 2048, 2049, 31_744, 65_528],
];

describe('SHA-256', () => {
  // FIPS 180-4's examples.
  test.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('of %j', async (text, digest) => {
    expect(await digests('sha', [Buffer.from(text)])).toEqual([digest]);
  });

  test('is what node:crypto gives, of any length', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const random = new Random(seed);
    const messages = [...LENGTHS, ...Array.from({ length: 60 }, () => random.below(3000))].map((n, i) =>
      message(n, seed + i),
    );
    const expected = messages.map((each) => createHash('sha256').update(each).digest('hex'));
    expect(await digests('sha', messages), `seed ${seed}`).toEqual(expected);
  });
});

describe('Keccak-256', () => {
  test.each([
    ['', 'c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['abc', '4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
    // The selector of an ERC-20 transfer is its start.
    ['transfer(address,uint256)', 'a9059cbb2ab09eb219583f4a59a5d0623ade346d962bcd4e46b11da047c9049b'],
  ])('of %j', async (text, digest) => {
    expect(await digests('keccak', [Buffer.from(text)])).toEqual([digest]);
  });

  test('is what the text of FIPS 202 gives with another suffix, of any length', async () => {
    const messages = LENGTHS.filter((length) => length < 30_000).map((length) => message(length));
    for (const each of messages) {
      expect(hex(referenceKeccak(each, 6))).toBe(createHash('sha3-256').update(each).digest('hex'));
    }
    expect(await digests('keccak', messages)).toEqual(messages.map((each) => hex(referenceKeccak(each, 1))));
  });
});

/** From BLAKE3's test_vectors.json: the digest of so many bytes 0, 1, ... 250, 0, 1, ... */
const BLAKE3_VECTORS: readonly (readonly [length: number, digest: string])[] = [
  [0, 'af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262'],
  [1, '2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213'],
  [2, '7b7015bb92cf0b318037702a6cdd81dee41224f734684c2c122cd6359cb1ee63'],
  [63, 'e9bc37a594daad83be9470df7f7b3798297c3d834ce80ba85d6e207627b7db7b'],
  [64, '4eed7141ea4a5cd4b788606bd23f46e212af9cacebacdc7d1f4c6dc7f2511b98'],
  [65, 'de1e5fa0be70df6d2be8fffd0e99ceaa8eb6e8c93a63f2d8d1c30ecb6b263dee'],
  [127, 'd81293fda863f008c09e92fc382a81f5a0b4a1251cba1634016a0f86a6bd640d'],
  [128, 'f17e570564b26578c33bb7f44643f539624b05df1a76c81f30acd548c44b45ef'],
  [129, '683aaae9f3c5ba37eaaf072aed0f9e30bac0865137bae68b1fde4ca2aebdcb12'],
  [1023, '10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11'],
  [1024, '42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7'],
  [1025, 'd00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444'],
  [2048, 'e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a'],
  [2049, '5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030'],
  [31_744, '62b6960e1a44bcc1eb1a611a8d6235b6b4b78f32e7abc4fb4c6cdcce94895c47'],
];

test('BLAKE3 is what its test vectors say', async () => {
  const messages = BLAKE3_VECTORS.map(([length]) => Uint8Array.from({ length }, (_, index) => index % 251));
  expect(await digests('blake', messages)).toEqual(BLAKE3_VECTORS.map(([, digest]) => digest));
});

test('a digest can be the message of the next', async () => {
  const expected = createHash('sha256')
    .update(referenceKeccak(message(100), 1))
    .digest('hex');
  expect(await digests('both', [message(100)])).toEqual([expected]);
});
