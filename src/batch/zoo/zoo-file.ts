/** A `zoo.yaml` as data that keeps to the schema; what does not is told with its line, all of it at once. */

import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml';
import { PredictableError } from '../../errors.js';
import { mustBeShallow } from '../../files/shallow.js';
import { nearestNames } from '../../rows/columns.js';
import { REFUSED, TAKES, type ZooFile, zooFileSchema } from './zoo-schema.js';

/** 10,000 entries take 2 MB. */
const MOST_BYTES = 32 * 2 ** 20;

/** As often may an anchor be used: once an entry, for ten times as many entries as a zoo should have. */
const MOST_ALIASES = 100_000;

/** More mistakes than anybody corrects at once. */
const MOST_SHOWN = 20;

export interface Mistake {
  line: number;
  message: string;
}

/** Where something stands in the file: keys and places from the top. */
export type Place = (string | number)[];

interface ReadZooFile {
  content: ZooFile;
  /** The line of a place, or of the nearest one around it. */
  lineOf: (place: Place) => number;
}

/** `file`: as the user named it. Throws ZOO_INVALID. */
export function parseZooFile(file: string, text: string): ReadZooFile {
  if (text.length > MOST_BYTES) throw zooInvalid(file, [{ line: 1, message: `it is longer than ${MOST_BYTES} bytes` }]);
  const lines = new LineCounter();
  let document: Document.Parsed;
  let content: unknown;
  try {
    mustBeShallow(text);
    // Keys that occur twice are looked for below: the library compares each with all others.
    document = parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: false, logLevel: 'error' });
    const wrong = [...document.errors, ...document.warnings].map(({ message, pos }) => ({
      line: lines.linePos(pos[0]).line,
      message: message.split(/ at line \d+|\n|;/)[0] ?? message,
    }));
    wrong.push(...repeatedKeys(document, lines), ...withNul(document, lines));
    if (wrong.length > 0) throw zooInvalid(file, wrong);
    content = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (thrown) {
    if (thrown instanceof PredictableError) throw thrown;
    // Nested too deeply, or aliases of aliases of aliases.
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw zooInvalid(file, [{ line: 1, message: `it cannot be read as YAML: ${message}` }]);
  }
  const lineOf = (place: Place) => lineIn(document, lines, place);
  const parsed = zooFileSchema.safeParse(content);
  if (parsed.success) return { content: parsed.data, lineOf };
  throw zooInvalid(file, mistakesOf(parsed.error.issues, content, lineOf));
}

/** One error for all mistakes, sorted by line; each begins like a compiler's: `zoo.yaml:12: …`. */
export function zooInvalid(file: string, mistakes: Mistake[]): PredictableError {
  const sorted = [...mistakes].sort((a, b) => a.line - b.line);
  const shown = sorted.slice(0, MOST_SHOWN).map(({ line, message }) => `${file}:${line}: ${message}`);
  if (sorted.length > shown.length) shown.push(`and ${sorted.length - shown.length} more`);
  return new PredictableError('ZOO_INVALID', shown.join('\n'), {
    hint: 'docs/zoo.md has every key; editors check the file with schemas/zoo.schema.json.',
    details: { mistakes: sorted.slice(0, MOST_SHOWN) },
  });
}

function repeatedKeys(document: Document, lines: LineCounter): Mistake[] {
  const found: Mistake[] = [];
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Map<string, number>();
      for (const { key } of items) {
        if (!isScalar(key) || key.value === '<<') continue;
        const line = lines.linePos(key.range?.[0] ?? 0).line;
        const name = String(key.value);
        const other = seen.get(name);
        if (other !== undefined) found.push({ line, message: `${name} stands in line ${other} already` });
        seen.set(name, line);
      }
    },
  });
  return found;
}

/** No path and no name can have one, and what they are given to fails in its own words. */
function withNul(document: Document, lines: LineCounter): Mistake[] {
  const found: Mistake[] = [];
  visit(document, {
    Scalar: (_, { value, range }) => {
      if (typeof value !== 'string' || !value.includes('\0')) return;
      found.push({
        line: lines.linePos(range?.[0] ?? 0).line,
        message: `${JSON.stringify(value)} holds a NUL character`,
      });
    },
  });
  return found;
}

function lineIn(document: Document, lines: LineCounter, place: Place): number {
  let node: unknown = document.contents;
  let start = isNode(node) ? node.range?.[0] : 0;
  for (const step of place) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (!isScalar(pair?.key)) break;
      start = pair.key.range?.[0] ?? start;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      if (isNode(node)) start = node.range?.[0] ?? start;
    } else break;
  }
  return lines.linePos(start ?? 0).line;
}

type Issue = { code: string; path: PropertyKey[]; keys?: string[] };

/** A mistake a key, however many parts of the schema it breaks. */
function mistakesOf(issues: readonly Issue[], content: unknown, lineOf: ReadZooFile['lineOf']): Mistake[] {
  const mistakes = new Map<string, Mistake>();
  for (const issue of issues) {
    const place = issue.path.filter((step) => typeof step !== 'symbol');
    if (issue.code === 'unrecognized_keys') {
      const known = knownKeys(place);
      for (const key of issue.keys ?? []) {
        const at = [...place, key];
        mistakes.set(at.join('\n'), { line: lineOf(at), message: unknownKey(key, known) });
      }
      continue;
    }
    const at = keyOf(place);
    const id = at.join('\n');
    if (!mistakes.has(id)) mistakes.set(id, { line: lineOf(at), message: complaint(at, valueAt(content, at)) });
  }
  return [...mistakes.values()];
}

const OPTION_KEYS = Object.keys(TAKES).filter((key) => !Object.hasOwn(zooFileSchema.shape, key));

/** Of the place that holds them: the file, the defaults or an entry. */
function knownKeys(place: Place): string[] {
  if (place.length === 0) return Object.keys(zooFileSchema.shape);
  return place[0] === 'defaults' ? OPTION_KEYS.filter((key) => key !== 'path' && key !== 'name') : OPTION_KEYS;
}

function unknownKey(key: string, known: string[]): string {
  const reason = Object.hasOwn(REFUSED, key) ? REFUSED[key] : undefined;
  if (reason !== undefined) return `${key} is not for a zoo.yaml: ${reason}`;
  const near = nearestNames(known, key.slice(0, 100));
  const meant = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are ${known.join(', ')}`;
  return `${JSON.stringify(key)} is no key here: ${meant}`;
}

/** The place of the key that a part of a value belongs to. */
function keyOf(place: Place): Place {
  if (place[0] === 'defaults') return place.slice(0, 2);
  return place[0] === 'models' ? place.slice(0, 3) : place.slice(0, 1);
}

function valueAt(content: unknown, place: Place): unknown {
  return place.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? Reflect.get(value, step) : undefined,
    content,
  );
}

function complaint(place: Place, value: unknown): string {
  const key = place.at(-1);
  if (key === undefined) return 'it should hold schema: 1 and a list of models';
  if (typeof key === 'number')
    return `an entry takes a path and options, like {path: press.joblib}, not ${shown(value)}`;
  const takes = TAKES[key as keyof typeof TAKES];
  return value === undefined ? `${key} is missing: ${takes}` : `${key} takes ${takes}, not ${shown(value)}`;
}

/** Enough of a value to find it. */
function shown(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.slice(0, 5).map((item) => (Array.isArray(item) ? 'a list' : shown(item)));
    return value.length === 0 ? 'an empty list' : `[${items.join(', ')}]`;
  }
  if (typeof value === 'object' && value !== null) return 'a map';
  return (typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing')).slice(0, 80);
}
