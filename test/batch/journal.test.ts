import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256OfFileNow } from '../../src/batch/hashing.js';
import { Journal, readJournal } from '../../src/batch/journal.js';
import type { ModelResult, Run } from '../../src/batch/results.js';
import { type RunFolder, runFolder } from '../../src/batch/run-folder.js';

let folder: RunFolder;

beforeEach(() => {
  folder = runFolder(mkdtempSync(path.join(tmpdir(), 'predictable-journal-')));
  mkdirSync(folder.models);
});

afterEach(() => rmSync(folder.root, { recursive: true }));

const RUN: Run = {
  zoo: 'zoo',
  started: '2026-01-01T00:00:00.000Z',
  seconds: 0,
  finished: false,
  executor: 'local',
  jobs: 2,
  predictable: '0.1.0',
  totals: { models: 2, converted: 0, cached: 0, failed: 0, skipped: 0 },
};

function result(name: string): ModelResult {
  const output = `models/${name}.onnx`;
  return {
    source: `${name}.joblib`,
    name,
    status: 'converted',
    target: 'sql-edge',
    converter: 'sklearn',
    output,
    warnings: [],
    tags: [],
    attempts: 1,
    elapsed: 3,
  };
}

function entry(name: string) {
  const file = path.join(folder.models, `${name}.onnx`);
  writeFileSync(file, `bytes of ${name}`);
  return {
    key: `key of ${name}`,
    lock: 'lock',
    files: { [`models/${name}.onnx`]: sha256OfFileNow(file) ?? '' },
    result: result(name),
  };
}

function written(...names: string[]): void {
  const journal = Journal.open(folder);
  journal.begin(RUN);
  for (const name of names) journal.append(entry(name));
  journal.close();
}

/** What a later run finds of a model. */
function found(name: string, key = `key of ${name}`, lock = 'lock', trust = 'trust') {
  const journal = Journal.open(folder);
  const there = journal.find(name, key, () => lock, trust);
  journal.close();
  return there?.result;
}

describe('Journal', () => {
  it('finds a result whose key, lock and files are still those', () => {
    written('a', 'b');
    expect(found('a')).toEqual(result('a'));
    expect(found('b')).toEqual(result('b'));
    expect(found('c')).toBeUndefined();
  });

  it('finds none when the model, the options or the lock have changed', () => {
    written('a');
    expect(found('a', 'another key')).toBeUndefined();
    expect(found('a', undefined, 'another lock')).toBeUndefined();
  });

  it('finds none when what was written is gone, changed, or cut short', () => {
    written('a');
    const file = path.join(folder.models, 'a.onnx');
    truncateSync(file, 4);
    expect(found('a')).toBeUndefined();
    rmSync(file);
    expect(found('a')).toBeUndefined();
    writeFileSync(file, 'bytes of a');
    expect(found('a')).toEqual(result('a'));
  });

  it('finds what was refused for want of trust only while no more is vouched for', () => {
    const journal = Journal.open(folder);
    journal.append({ ...entry('a'), trust: 'trust' });
    journal.close();
    expect(found('a')).toEqual(result('a'));
    expect(found('a', undefined, undefined, 'more')).toBeUndefined();
  });

  it('takes the last of several results of a model', () => {
    written('a');
    const journal = Journal.open(folder);
    journal.append({ ...entry('a'), key: 'newer' });
    journal.close();
    expect(found('a')).toBeUndefined();
    expect(found('a', 'newer')).toEqual(result('a'));
  });

  it('cut off at any byte, it keeps every whole line and goes on after it', () => {
    written('a', 'b');
    const whole = readFileSync(folder.journal);
    const ends = [...whole.toString('latin1').matchAll(/\n/g)].map(({ index }) => index + 1);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: whole.length }), (length) => {
        writeFileSync(folder.journal, whole.subarray(0, length));
        const kept = ends.filter((end) => end <= length).length;
        expect(found('a') !== undefined).toBe(kept >= 2);
        expect(found('b') !== undefined).toBe(kept >= 3);
        const journal = Journal.open(folder);
        journal.append(entry('c'));
        journal.close();
        expect(found('c')).toEqual(result('c'));
      }),
      { numRuns: 60 },
    );
  });

  it('reads around what a power cut left in the place of lines', () => {
    written('a');
    appendFileSync(folder.journal, `${'\0'.repeat(512)}\n{"key":1}\n[]\nnull\n`);
    const journal = Journal.open(folder);
    journal.append(entry('b'));
    journal.close();
    expect(found('a')).toEqual(result('a'));
    expect(found('b')).toEqual(result('b'));
    expect(readJournal(folder.journal)).toEqual({ run: RUN, results: [result('a'), result('b')] });
  });

  it('is none where no run has begun', () => {
    expect(readJournal(folder.journal)).toBeUndefined();
    writeFileSync(folder.journal, '');
    expect(readJournal(folder.journal)).toBeUndefined();
  });
});
