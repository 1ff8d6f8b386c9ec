/**
 * What a run has done, one line a model, appended the moment it is done. Killed at any moment, it has lost at most the
 * model in hand: a line that is cut short counts as none, and what a line promises is held against the files.
 */

import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { fileError } from '../errors.js';
import { recordOf } from '../record-of.js';
import { sha256OfFileNow } from './hashing.js';
import { type ModelResult, type Run, runSchema } from './results.js';
import type { RunFolder } from './run-folder.js';

const entrySchema = z.object({
  /** See `contentKeys`. */
  key: z.string(),
  /** Of the converter, or of all when none was found: see `lockKeys`. */
  lock: z.string(),
  /** Of what the user vouched for, where a result depends on it. */
  trust: z.string().optional(),
  /** What was written, relative to the run's folder, with the sha256. */
  files: recordOf(z.string()),
  // Written by us, and read a thousand at a time: what tells it from a damaged line is enough.
  result: z.custom<ModelResult>((value) => isObject(value) && typeof value.name === 'string'),
});
export type JournalEntry = z.infer<typeof entrySchema>;

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

const NEWLINE = 0x0a;

export class Journal {
  readonly #folder: RunFolder;
  readonly #descriptor: number;
  /** By the model's name, the last that was written. */
  readonly #entries: Map<string, JournalEntry>;

  private constructor(folder: RunFolder, entries: Map<string, JournalEntry>) {
    this.#folder = folder;
    this.#entries = entries;
    this.#descriptor = openSync(folder.journal, 'a');
  }

  /** Reads what is there, and cuts off a line that was not finished. */
  static open(folder: RunFolder): Journal {
    const { entries, whole } = readLines(folder.journal);
    if (existsSync(folder.journal)) truncateSync(folder.journal, whole);
    return new Journal(folder, entries);
  }

  /** Of the run that begins. */
  begin(run: Run): void {
    this.#write({ run });
  }

  append(entry: JournalEntry): void {
    this.#entries.set(entry.result.name, entry);
    this.#write(entry);
  }

  /** In one piece: another process that reads meanwhile sees whole lines, or a last one that is cut short. */
  #write(line: object): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    const { size } = fstatSync(this.#descriptor);
    try {
      // A disk that fills up takes a part of it without a word, and refuses the next.
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#descriptor, bytes, at);
    } catch (error) {
      ftruncateSync(this.#descriptor, size);
      throw fileError(error, this.#folder.journal) ?? error;
    }
  }

  /** The entry of a model whose keys are still those, and whose files are still there as they were written. */
  find(
    name: string,
    key: string,
    lockOf: (converter: string | undefined) => string,
    trust: string,
  ): JournalEntry | undefined {
    const entry = this.#entries.get(name);
    if (entry === undefined || entry.key !== key) return undefined;
    if (entry.lock !== lockOf(entry.result.converter) || (entry.trust ?? trust) !== trust) return undefined;
    const whole = Object.entries(entry.files).every(
      ([file, sha256]) => sha256OfFileNow(path.join(this.#folder.root, file)) === sha256,
    );
    return whole ? entry : undefined;
  }

  close(): void {
    fsyncSync(this.#descriptor);
    closeSync(this.#descriptor);
  }
}

/** What a journal says: the last run, and each model's last result. Undefined when there is none. */
export function readJournal(file: string): { run: Run; results: ModelResult[] } | undefined {
  if (!existsSync(file)) return undefined;
  const { entries, run } = readLines(file);
  return run === undefined ? undefined : { run, results: [...entries.values()].map(({ result }) => result) };
}

interface Lines {
  entries: Map<string, JournalEntry>;
  run: Run | undefined;
  /** Bytes up to the end of the last whole line. */
  whole: number;
}

function readLines(file: string): Lines {
  const bytes = existsSync(file) ? readFileSync(file) : Buffer.alloc(0);
  const whole = bytes.lastIndexOf(NEWLINE) + 1;
  const lines: Lines = { entries: new Map(), run: undefined, whole };
  for (const line of bytes.toString('utf8', 0, whole).split('\n')) {
    const value = parsed(line);
    const entry = entrySchema.safeParse(value);
    if (entry.success) lines.entries.set(entry.data.result.name, entry.data);
    else lines.run = z.object({ run: runSchema }).safeParse(value).data?.run ?? lines.run;
  }
  return lines;
}

/** After a power cut there may be anything in the place of a line. */
function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
