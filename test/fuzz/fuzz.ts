/** Gives a parser many damaged files and says which of them did not end well. */

import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { globSync } from 'tinyglobby';
import type { Converters } from '../../src/convert/converters.js';
import type { ReadyConverter } from '../../src/convert/executor.js';
import { companionsOf } from '../../src/detect/companions.js';
import { PredictableError } from '../../src/errors.js';
import { Chance } from './chance.js';
import { damaged } from './mutations.js';
import type { Parser } from './parsers.js';

export interface Outcome {
  cases: number;
  /** How many ended with which code; `read` where the file was read all the same. */
  codes: Record<string, number>;
  slowest: number;
  /** Each kind of bad end, with the folder of the first case that came to it, and how many did. */
  bad: { what: string; folder: string; times: number }[];
}

/** Ends that nobody planned for this file, or that it should not have come to. */
const BAD = new Set(['INTERNAL', 'CONVERTER_FAILED', 'CONVERTER_CRASHED', 'CONVERTER_TIMEOUT', 'OUT_OF_MEMORY']);
/** Longer is a hang. */
const PATIENCE = 30_000;
const READER = fileURLToPath(new URL('reader.py', import.meta.url));

export class Fuzzing {
  constructor(
    private readonly converters: Converters,
    /** The trained samples. */
    private readonly seeds: string,
    private readonly folder: string,
    private readonly at: number,
  ) {}

  async run(parser: Parser, cases: number): Promise<Outcome> {
    const seeds = parser.seeds.flatMap((pattern) => this.found(pattern)).sort();
    if (seeds.length === 0) throw new Error(`no files for ${parser.name}: ${parser.seeds.join(' ')}`);
    const read = parser.read ?? (await this.reader(parser));
    const outcome: Outcome = { cases, codes: {}, slowest: 0, bad: [] };
    let next = 0;
    const lane = async () => {
      while (next < cases) await this.one(parser, seeds, next++, read, outcome);
    };
    await Promise.all([lane(), lane()]);
    return outcome;
  }

  private found(pattern: string): string[] {
    const onlyDirectories = pattern.endsWith('/');
    return globSync(pattern, { cwd: this.seeds, onlyDirectories, absolute: true, expandDirectories: false });
  }

  private async one(
    { name, converter }: Parser,
    seeds: string[],
    number: number,
    read: (file: string, folder: string) => Promise<unknown>,
    outcome: Outcome,
  ): Promise<void> {
    const chance = new Chance(hashOf(name) + this.at + number);
    const folder = path.join(this.folder, `${hashOf(name)}-${this.at + number}`);
    const seed = chance.of(seeds);
    await mkdir(path.join(folder, 'work'), { recursive: true });
    await mkdir(path.join(folder, 'given'));
    const file = await this.damage(seed, path.join(folder, 'given'), chance, converter);
    const started = performance.now();
    const end = await read(file, folder).then(
      () => 'read',
      (error: unknown) => error,
    );
    const took = performance.now() - started;
    outcome.slowest = Math.max(outcome.slowest, took);
    const code = end === 'read' ? 'read' : end instanceof PredictableError ? end.code : 'untyped';
    outcome.codes[code] = (outcome.codes[code] ?? 0) + 1;
    const isBad = BAD.has(code) || code === 'untyped' || took > PATIENCE;
    if (!isBad) return rm(folder, { recursive: true });
    const what = describe(code, end, took);
    const known = outcome.bad.find((each) => each.what === what);
    if (known === undefined) {
      outcome.bad.push({ what, folder, times: 1 });
      await writeFile(path.join(folder, 'end.txt'), `${path.basename(seed)}\n${text(end)}\n`);
    } else {
      known.times++;
      await rm(folder, { recursive: true });
    }
  }

  /** A copy of the seed with its companions, one file of which is damaged. */
  private async damage(seed: string, given: string, chance: Chance, converter: Parser['converter']): Promise<string> {
    const copy = path.join(given, path.basename(seed));
    await cp(seed, copy, { recursive: true });
    const format = this.formatOf(converter);
    const companions = format === undefined ? [] : await companionsOf(seed, format);
    for (const name of companions) await cp(path.join(path.dirname(seed), name), path.join(given, name));
    const files = (await readdir(given, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
    const chosen = chance.of(files);
    const bytes = await readFile(chosen);
    if (bytes.length > 0) await writeFile(chosen, damaged(bytes, chance));
    return copy;
  }

  private formatOf(converter: Parser['converter']) {
    const manifest = this.converters.manifests.find(({ id }) => id === converter?.id);
    return manifest?.formats.find(({ id }) => id === converter?.format);
  }

  private async reader({ converter }: Parser): Promise<(file: string, folder: string) => Promise<unknown>> {
    const manifest = this.converters.manifests.find(({ id }) => id === converter?.id);
    if (manifest === undefined || converter === undefined) throw new Error(`no converter ${converter?.id}`);
    const ready = await this.converters.prepare(manifest);
    return (file, folder) => readThere(ready, converter.format, file, folder);
  }
}

/** In an interpreter, behind its walls. */
function readThere(ready: ReadyConverter, format: string, file: string, folder: string): Promise<unknown> {
  const files = { given: path.join(folder, 'given'), work: path.join(folder, 'work') };
  const request = {
    action: 'read',
    converter: READER,
    converter_of: ready.entry,
    path: file,
    format,
    work: files.work,
    ...NOTHING_SAID,
  };
  return ready.pool.call(request, { files, timeout: PATIENCE });
}

const NOTHING_SAID = {
  savedBy: null,
  trusted: false,
  opsets: { '': 15, 'ai.onnx.ml': 2 },
  ir: 8,
  precision: 'float',
  wide: null,
  columns: null,
  sample: null,
  syntheticRows: 100,
  inputs: [],
  outputs: null,
  factory: null,
  signature: null,
  tag: null,
  imageSize: null,
  road: null,
  probeRows: 0,
  seed: '00',
};

function describe(code: string, end: unknown, took: number): string {
  if (took > PATIENCE) return `${code} after ${Math.round(took / 1000)} s`;
  const message = end instanceof Error ? end.message : String(end);
  // The same defect with other numbers and names.
  const kind = message.replaceAll(/'[^']*'|"[^"]*"|[\d.]+|\/\S+/g, '…').slice(0, 160);
  return `${code}: ${kind}`;
}

function text(end: unknown): string {
  if (!(end instanceof PredictableError)) return end instanceof Error ? (end.stack ?? end.message) : String(end);
  return `${JSON.stringify(end.toJSON(), null, 2)}\n${end.cause instanceof Error ? end.cause.stack : ''}`;
}

function hashOf(name: string): number {
  let hash = 7;
  for (const letter of name) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) % 1_000_003;
  return Math.abs(hash);
}
