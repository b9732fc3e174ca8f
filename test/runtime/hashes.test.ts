import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify as strictlyVerify,
} from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeInput } from '../../dist/host/contract/codec.js';
import { compile } from '../../dist/host/contract/index.js';
import type { ContractInterface } from '../../dist/host/contract/interface.js';
import {
  type Contract,
  createRuntime,
  KERNEL_GAS,
  type Policy,
  type Runtime,
  type Transaction,
} from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { address } from '../support/programs.js';
import { Random } from '../support/random.js';
import { referenceKeccak } from '../support/reference-keccak.js';
import { contractWasm, describe as describeReceipt, Runtimes, SMALL_MEMORY } from '../support/runtimes.js';
import { Stepper } from '../support/stepper.js';
import { threadsOf } from '../support/threads.js';
import { textToWasm } from '../support/wasm-text.js';

const SOURCE = `
import { blake3, keccak256, Map, sha256, Value, verifyEd25519 } from "blockstm/assembly";

export function sha(message: StaticArray<u8>): StaticArray<u8> { return sha256(message); }
export function keccak(message: StaticArray<u8>): StaticArray<u8> { return keccak256(message); }
export function blake(message: StaticArray<u8>): StaticArray<u8> { return blake3(message); }
export function check(signature: StaticArray<u8>, message: StaticArray<u8>, publicKey: StaticArray<u8>): bool {
  return verifyEd25519(signature, message, publicKey);
}
// Two digests at once, and words staged between a digest and its being taken.
export function both(message: StaticArray<u8>): StaticArray<u8> { return sha256(keccak256(message)); }

const head = new Value<StaticArray<u8>>("head");
const heads = new Map<u64, StaticArray<u8>>("heads");
/** A chain of digests: each call needs what the one before it left. */
export function append(at: u64, message: StaticArray<u8>): StaticArray<u8> {
  const next = at % 3 == 0 ? sha256(head.get()) : at % 3 == 1 ? keccak256(head.get()) : blake3(head.get());
  head.set(at % 2 == 0 ? sha256(message) : next);
  heads.set(at, next);
  return next;
}
`;

const alice = address(1);
const runtimes = new Runtimes();
let wasm: Uint8Array;
let runtime: Runtime;
let contract: Contract;
beforeAll(async () => {
  wasm = (await compile({ source: SOURCE, name: 'hashes' })).wasm;
  runtime = await runtimes.get({ workers: 2 });
  contract = await runtime.deploy(wasm);
}, 60_000);
afterAll(() => runtimes.close());

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function bytesOf(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits, 'hex'));
}

/** The outputs of calls of `method`, decoded: of one block. */
async function outputs(method: string, args: readonly Readonly<Record<string, unknown>>[]): Promise<unknown[]> {
  const { receipts } = await runtime.execute({
    transactions: args.map((each) => contract.transaction(alice, method, each)),
  });
  return [...receipts].map(({ status, output, error }) =>
    status === 'ok' ? contract.decodeOutput(method, output) : `${status} ${error?.code}`,
  );
}

async function digests(method: string, messages: readonly Uint8Array[]): Promise<string[]> {
  const found = await outputs(
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

function message(length: number, seed = length): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.below(256));
}

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

interface Signed {
  readonly signature: Uint8Array;
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
}

async function verdicts(signed: readonly Signed[]): Promise<unknown[]> {
  const found: unknown[] = [];
  // Four take most of the gas of a call, and a block of many takes long.
  for (let from = 0; from < signed.length; from += 50)
    found.push(
      ...(await outputs(
        'check',
        signed.slice(from, from + 50).map((each) => ({ ...each })),
      )),
    );
  return found;
}

function rawKey(key: KeyObject): Uint8Array {
  return Uint8Array.from(Buffer.from(key.export({ format: 'jwk' }).x as string, 'base64url'));
}

/** As RFC 8032 has it without cofactor, which is what OpenSSL does. */
function strictly({ signature, message, publicKey }: Signed): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return strictlyVerify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
}

function signed(text: Uint8Array): Signed {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { signature: Uint8Array.from(sign(null, text, privateKey)), message: text, publicKey: rawKey(publicKey) };
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
    expect(refused).toBeLessThan(pairs.length);
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

/** Every number that an import could be given wrongly, in a method each. `stage` words, then the import. */
const HOSTILE: Readonly<Record<string, string>> = {
  none: '(call $hash (i32.const 0) (i32.const 1))',
  tooMany: '(call $stage (i32.const 2)) (call $hash (i32.const 0) (i32.const 8))',
  tooFew: '(call $stage (i32.const 2)) (call $hash (i32.const 2) (i32.const 17))',
  negative: '(call $hash (i32.const 0) (i32.const -1))',
  wraps: '(call $hash (i32.const 0) (i32.const -7))',
  long: '(call $stage (i32.const 8256)) (call $hash (i32.const 0) (i32.const 66049))',
  kind: '(call $hash (i32.const 3) (i32.const 0))',
  kindNegative: '(call $hash (i32.const -1) (i32.const 0))',
  kindHuge: '(call $hash (i32.const 0x40000000) (i32.const 0))',
  unsigned: '(drop (call $verify (i32.const 0)))',
  shortSignature: '(call $stage (i32.const 11)) (drop (call $verify (i32.const 0)))',
  verifyNegative: '(call $stage (i32.const 12)) (drop (call $verify (i32.const -1)))',
  verifyWraps: '(drop (call $verify (i32.const -96)))',
  verifyLong: '(call $stage (i32.const 8256)) (drop (call $verify (i32.const 65953)))',
  all: '(call $stage (i32.const 8256)) (call $hash (i32.const 0) (i32.const 66048)) (call $give)',
  allButWord: '(call $stage (i32.const 8256)) (call $hash (i32.const 2) (i32.const 66041)) (call $give)',
  verifyAll:
    '(call $stage (i32.const 8256)) (call $push (i64.extend_i32_u (call $verify (i32.const 65952)))) (call $output (i32.const 8))',
  pastDigest:
    '(call $hash (i32.const 0) (i32.const 0)) (drop (call $take)) (drop (call $take)) (drop (call $take)) (drop (call $take)) (call $push (call $take)) (call $output (i32.const 8))',
};

const HOSTILE_WASM = textToWasm(`(module
  (import "blockstm" "push" (func $push (param i64)))
  (import "blockstm" "take" (func $take (result i64)))
  (import "blockstm" "output" (func $output (param i32)))
  (import "blockstm" "hash" (func $hash (param i32 i32)))
  (import "blockstm" "verify" (func $verify (param i32) (result i32)))
  (func $stage (param i32) (loop $l (call $push (i64.const -1)) (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func $give (call $push (call $take)) (call $push (call $take)) (call $push (call $take)) (call $push (call $take)) (call $output (i32.const 32)))
  ${Object.entries(HOSTILE)
    .map(([name, body]) => `(func (export "${name}") ${body})`)
    .join(' ')})`);

const PLENTY = 10_000_000_000_000;

test('wrong lengths, words and kinds end the call, and nothing else does', async () => {
  const hostile = await runtime.deploy(HOSTILE_WASM);
  const transactions = Object.keys(HOSTILE).map(
    (method): Transaction => ({
      sender: alice,
      contract: hostile.address,
      method,
      input: new Uint8Array(0),
      gasLimit: PLENTY,
    }),
  );
  const { receipts } = await runtime.execute({ transactions });
  const ends = [...receipts].map(({ error, output }, index) => [
    transactions[index]?.method,
    error?.code ?? hex(output),
  ]);
  const full = new Uint8Array(66_048).fill(255);
  expect(Object.fromEntries(ends)).toEqual({
    ...Object.fromEntries(Object.keys(HOSTILE).map((name) => [name, 'stagedWords'])),
    kind: 'hashKind',
    kindNegative: 'hashKind',
    kindHuge: 'hashKind',
    all: createHash('sha256').update(full).digest('hex'),
    allButWord: expect.stringMatching(/^[0-9a-f]{64}$/),
    verifyAll: '0000000000000000',
    pastDigest: '0000000000000000',
  });
});

test('each kind and each byte is charged, a signature as what it takes, and before it is computed', async () => {
  const hostile = await runtime.deploy(HOSTILE_WASM);
  const run = async (method: string, gasLimit: number) => {
    const call = { sender: alice, contract: hostile.address, method, input: new Uint8Array(0), gasLimit };
    return (await runtime.execute({ transactions: [call] })).receipts.get(0);
  };
  const gasOf = async (method: string, bytes: number): Promise<number> => {
    const call = contract.transaction(alice, method, { message: new Uint8Array(bytes) });
    return (await runtime.execute({ transactions: [call] })).receipts.get(0).gasUsed;
  };
  for (const [method, kind] of [
    ['sha', 'sha256'],
    ['keccak', 'keccak256'],
    ['blake', 'blake3'],
  ] as const) {
    const [empty, long] = [await gasOf(method, 0), await gasOf(method, 8000)];
    expect(empty).toBeGreaterThan(KERNEL_GAS[kind]);
    expect(empty).toBeLessThan(KERNEL_GAS[kind] + 10_000);
    expect(long - empty).toBeGreaterThan(8000 * KERNEL_GAS[`${kind}Byte`]);
  }
  const { gasUsed } = await run('verifyAll', PLENTY);
  expect(gasUsed).toBeGreaterThan(KERNEL_GAS.verify + 65_952 * KERNEL_GAS.verifyByte);
  expect(await run('verifyAll', gasUsed)).toMatchObject({ status: 'ok', gasUsed });
  for (const gasLimit of [gasUsed - 1, KERNEL_GAS.verify - 1])
    expect(await run('verifyAll', gasLimit)).toMatchObject({ status: 'outOfGas', gasUsed: gasLimit });
  expect(await run('all', 500_000)).toMatchObject({ status: 'outOfGas', gasUsed: 500_000 });
});

const SETTINGS: { executor: 'sequential' | 'block-stm'; workers: number; policy?: Partial<Policy> }[] = [
  { executor: 'sequential', workers: 1 },
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 2 },
  { executor: 'block-stm', workers: 8 },
  { executor: 'block-stm', workers: 4, policy: { grain: 1 } },
];

test('calls that hash what others leave give the same under every executor', async () => {
  const right = signed(message(50));
  const outcomes: string[][] = [];
  for (const setting of SETTINGS) {
    const runtime = await runtimes.get(setting);
    const contract = await runtime.deploy(wasm);
    const transactions = Array.from({ length: 400 }, (_, at) => {
      if (at % 50 === 49) return contract.transaction(alice, 'check', { ...right });
      return contract.transaction(alice, 'append', { at: BigInt(at), message: message(at % 200) });
    });
    const { receipts, writeSet } = await runtime.execute({ transactions });
    const written = writeSet.map(({ key, value }) => hex(Uint8Array.from([...key, ...(value ?? [])])));
    outcomes.push([...[...receipts].map(describeReceipt), ...written]);
  }
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  expect(outcomes[0]?.filter((line) => line.includes(' ok ')).length).toBe(400);
});

test('views give the same on every thread, before the method has run on a worker and after', async () => {
  const right = signed(message(50));
  const calls = [
    contract.transaction(alice, 'sha', { message: message(100) }),
    contract.transaction(alice, 'keccak', { message: message(1000) }),
    contract.transaction(alice, 'blake', { message: message(60_000) }),
    contract.transaction(alice, 'check', { ...right }),
  ];
  const { receipts } = await runtime.execute({ transactions: calls });
  for (const [index, call] of calls.entries()) {
    for (let round = 0; round < 3; round++)
      expect(await runtime.view(call)).toEqual({ ...receipts.get(index), index: 0 });
  }
});

test('workers that take the place of others can hash and verify', async () => {
  let restarted: Runtime | undefined;
  const threads = await threadsOf(async () => {
    restarted = await createRuntime({ workers: 2, limits: SMALL_MEMORY });
  });
  await using own = restarted as unknown as Runtime;
  const token = await own.deploy(await contractWasm('token'));
  const hashing = await own.deploy(wasm);
  for (const thread of threads) await thread.terminate();
  const { receipts } = await own.execute({
    transactions: [
      token.transaction(alice, 'mint', { to: alice, amount: 1n }),
      hashing.transaction(alice, 'sha', { message: message(10) }),
      hashing.transaction(alice, 'check', { ...signed(message(10)) }),
    ],
  });
  expect([...receipts].map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
});

test('the same under random schedules of virtual workers', async () => {
  const sequential = await Stepper.create(wasm, 1);
  const stepper = await Stepper.create(wasm, 4);
  const nobody = new Uint8Array(32);
  const transactions = Array.from({ length: 40 }, (_, at): Transaction => {
    const input = encodeInput(contract.interface as ContractInterface, 'append', {
      at: BigInt(at),
      message: message(at),
    });
    return { sender: nobody, contract: nobody, method: 'append', input };
  });
  const policy = resolvePolicy({ grain: 1 });
  const { receipts, writeSet } = await sequential.run(transactions, new Random(1), 10_000);
  let aborts = 0;
  for (let schedule = 1; schedule <= 30; schedule++) {
    const stepped = await stepper.run(transactions, new Random(schedule), 50_000, undefined, policy);
    expect(stepped, `schedule ${schedule}`).toMatchObject({ receipts, writeSet });
    aborts += stepped.stats.aborts;
  }
  expect(aborts).toBeGreaterThan(10);
});
