/** Files that were damaged, or made to harm: bytes, counts, nesting, members of zips, texts within texts. */

import type { Chance } from './chance.js';
import { membersOf, zipOf } from './zip.js';

/** Counts that are at an edge of something, or beyond all that a file holds. */
const COUNTS = [0n, 1n, -1n, 2n ** 31n - 1n, -(2n ** 31n), 2n ** 32n + 1n, 2n ** 62n, 2n ** 63n - 1n, 1_000_000_000n];
const NUMBERS = [
  ...COUNTS.map(String),
  '1e400',
  '-1e308',
  'nan',
  'inf',
  '0.5',
  '""',
  'null',
  'true',
  '[]',
  '{}',
  '99999',
];
const WORDS = [
  '',
  '..',
  '../../x',
  '/etc/passwd',
  '\0',
  '\u202e',
  'a'.repeat(5000),
  '__proto__',
  '%s',
  '-1',
  '{',
  '[[',
];
const DEEP = [100, 2000, 100_000];
/** Bytes that several formats give a meaning to. */
const BYTES = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x28, 0x2e, 0x5b, 0x7b, 0x22, 0x0a, 0x50];
const MOST_CHANGES = 4;

type Change = (bytes: Buffer, chance: Chance) => Buffer;

/** `bytes` with one to four changes. */
export function damaged(bytes: Buffer, chance: Chance): Buffer {
  const members = membersOf(bytes);
  // One in four changes the directory of a zip, or what lies around its members.
  if (members !== null && members.length > 0 && chance.below(4) > 0) {
    const chosen = chance.below(members.length);
    if (chance.below(8) === 0) members.splice(chosen, 1);
    else {
      const member = members[chosen] as { name: string; content: Buffer };
      if (chance.below(10) === 0) member.name = chance.of([...WORDS, member.name.toUpperCase()]);
      else member.content = damaged(member.content, chance);
      if (chance.below(10) === 0) members.push({ ...member });
    }
    return zipOf(members);
  }
  const changes = isText(bytes) && chance.below(4) > 0 ? OF_TEXT : OF_BYTES;
  let changed = bytes;
  for (let left = 1 + chance.below(MOST_CHANGES); left > 0; left--) changed = chance.of(changes)(changed, chance);
  return changed;
}

const OF_BYTES: Change[] = [
  (bytes, chance) => replaced(bytes, chance.below(bytes.length), 1, (old) => [(old[0] ?? 0) ^ (1 << chance.below(8))]),
  (bytes, chance) => replaced(bytes, chance.below(bytes.length), 1, () => [chance.of(BYTES)]),
  (bytes, chance) => replaced(bytes, chance.below(bytes.length), 4, () => counted(chance).subarray(0, 4)),
  (bytes, chance) => replaced(bytes, chance.below(bytes.length), 8, () => counted(chance)),
  (bytes, chance) => replaced(bytes, chance.below(bytes.length), 8, () => counted(chance).reverse()),
  (bytes, chance) => bytes.subarray(0, chance.below(bytes.length)),
  (bytes, chance) => replaced(bytes, chance.below(bytes.length), 1 + chance.below(64), () => []),
  (bytes, chance) => replaced(bytes, chance.below(bytes.length), 0, () => noise(1 + chance.below(16), chance)),
  (bytes, chance) => {
    const start = chance.below(bytes.length);
    const part = bytes.subarray(start, start + 1 + chance.below(256));
    return replaced(bytes, chance.below(bytes.length), 0, () => part);
  },
  // A varint of protobuf that says more than there is.
  (bytes, chance) => replaced(bytes, chance.below(bytes.length), 1, () => [0xff, 0xff, 0xff, 0xff, chance.below(128)]),
];

const OF_TEXT: Change[] = [
  // As long as before: some texts say how long their parts are.
  (bytes, chance) => atOneOf(bytes, /(?<=[\d.])\d/g, chance, () => String(chance.below(10))),
  (bytes, chance) => atOneOf(bytes, /(?<=[ =,[])\d(?=[ ,\n\]])/g, chance, () => String(chance.below(10))),
  (bytes, chance) => atOneOf(bytes, /-?\d[\d.eE+-]*/g, chance, () => chance.of(NUMBERS)),
  (bytes, chance) => atOneOf(bytes, /-?\d[\d.eE+-]*/g, chance, () => chance.of(NUMBERS)),
  (bytes, chance) => atOneOf(bytes, /"[^"\n]*"/g, chance, () => JSON.stringify(chance.of(WORDS))),
  (bytes, chance) => atOneOf(bytes, /"[^"\n]*"|-?\d[\d.]*/g, chance, (old) => nested(old, chance)),
  (bytes, chance) => atOneOf(bytes, /[A-Za-z_]\w*/g, chance, () => chance.of(WORDS)),
  (bytes, chance) => atOneOf(bytes, /\n[^\n]*/g, chance, () => ''),
  (bytes, chance) => atOneOf(bytes, /\n[^\n]*/g, chance, (line) => line + line),
  (bytes, chance) => atOneOf(bytes, /[[\]{},:=]/g, chance, () => chance.of(['[', ']', '{', '}', ',', ':', ''])),
  ...OF_BYTES,
];

function replaced(bytes: Buffer, at: number, length: number, by: (old: Buffer) => Buffer | number[]): Buffer {
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(by(bytes.subarray(at, at + length))),
    bytes.subarray(at + length),
  ]);
}

function atOneOf(bytes: Buffer, pattern: RegExp, chance: Chance, by: (old: string) => string): Buffer {
  const text = bytes.toString('latin1');
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return bytes;
  const { index, 0: old } = chance.of(found);
  return Buffer.from(text.slice(0, index) + by(old) + text.slice(index + old.length), 'latin1');
}

function nested(value: string, chance: Chance): string {
  const depth = chance.of(DEEP);
  const [open, close] = chance.of([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  return open.repeat(depth) + value + close.repeat(depth);
}

function counted(chance: Chance): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, chance.of(COUNTS)));
  return bytes;
}

function noise(length: number, chance: Chance): Buffer {
  return Buffer.from(Array.from({ length }, () => chance.below(256)));
}

function isText(bytes: Buffer): boolean {
  return bytes.length > 0 && bytes.subarray(0, 4096).every((byte) => byte > 8 && (byte > 31 || byte < 14));
}
