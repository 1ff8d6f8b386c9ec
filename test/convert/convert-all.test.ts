import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ConvertAllOptions, convertAll } from '../../src/convert/convert-all.js';
import { convertOne } from '../../src/convert/convert-one.js';
import { Converters } from '../../src/convert/converters.js';
import type { Conversion } from '../../src/convert/document.js';
import { readSignature } from '../../src/graph/metadata.js';
import { CONTENT, FakeExecutor, type FakeOptions, frameOf, writeFiles } from '../support/fake-executor.js';

const sample = frameOf(['a', 'b'], [[1, 2]]);

let folder: string;
let out: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'predictable-all-'));
  out = path.join(folder, 'out');
});
afterEach(() => rmSync(folder, { recursive: true }));

async function using<T>(fake: FakeOptions, work: (converters: Converters) => Promise<T>): Promise<T> {
  const converters = await Converters.open({ executor: new FakeExecutor(fake) });
  try {
    return await work(converters);
  } finally {
    await converters.close();
  }
}

function all(files: string[], options: Partial<ConvertAllOptions> = {}, fake: FakeOptions = {}): Promise<Conversion[]> {
  writeFiles(folder, Object.fromEntries(files.map((name) => [name, CONTENT.lightgbm(name)])));
  const paths = files.map((name) => path.join(folder, name));
  return using(fake, (converters) => convertAll(paths, converters, { out, sample, ...options }));
}

const written = () => readdirSync(out).sort();
const told = (results: Conversion[]) => results.map(({ name, status, error }) => [name, error?.code ?? status]);

describe('convertAll', () => {
  it('writes each model and its document, which says where the model came from and lies', async () => {
    const seen: string[] = [];
    const results = await all(['one.txt', 'two.txt'], { onResult: ({ name }) => seen.push(name) });
    expect(told(results)).toEqual([
      ['one', 'converted'],
      ['two', 'converted'],
    ]);
    expect(seen.sort()).toEqual(['one', 'two']);
    expect(written()).toEqual(['one.json', 'one.onnx', 'two.json', 'two.onnx']);
    expect(results[0]).toMatchObject({
      source: path.join(folder, 'one.txt'),
      output: path.join(out, 'one.onnx'),
      model: 'Linear()',
      converter: 'lightgbm',
      sourceBytes: CONTENT.lightgbm('one.txt').length,
    });
    expect(JSON.parse(readFileSync(path.join(out, 'one.json'), 'utf8'))).toEqual({ schema: 1, ...results[0] });
    const bytes = readFileSync(path.join(out, 'one.onnx'));
    expect([readSignature(bytes)?.inputs.length, bytes.length]).toEqual([2, results[0]?.bytes]);
  });

  it('goes on when one fails, and leaves nothing of that one', async () => {
    const behave: FakeOptions['behave'] = ({ file }) => (file === 'bad.txt' ? { error: 'UNSUPPORTED_MODEL' } : {});
    const results = await all(['bad.txt', 'good.txt'], { jobs: 1 }, { behave });
    expect(told(results)).toEqual([
      ['bad', 'UNSUPPORTED_MODEL'],
      ['good', 'converted'],
    ]);
    expect(results[0]).toMatchObject({ target: 'sql-edge', warnings: [] });
    expect(written()).toEqual(['good.json', 'good.onnx']);
  });

  it('does not write what predicts otherwise, and says by how much and what to do', async () => {
    const [result] = await all(['press.txt'], {}, { behave: () => ({ off: 2 }) });
    expect(result).toMatchObject({
      status: 'failed',
      verification: { status: 'failed' },
      error: { code: 'VERIFICATION_FAILED' },
    });
    expect(result?.error?.message).toContain(
      'predicts otherwise as ONNX: max difference 2.0 over 1 rows (for SQL Edge 2.0)',
    );
    expect(result?.error?.hint).toBe('Nothing was written. --keep-unverified writes it all the same.');
    expect(result?.output).toBeUndefined();
    expect(written()).toEqual([]);
  });

  it('writes it all the same when that is asked for', async () => {
    const [result] = await all(['press.txt'], { keepUnverified: true }, { behave: () => ({ off: 2 }) });
    expect([result?.status, result?.output]).toEqual(['failed', path.join(out, 'press.onnx')]);
    expect(written()).toEqual(['press.json', 'press.onnx']);
  });

  it('writes what could only be held against the raw graph, with a warning', async () => {
    const [result] = await all(['press.txt'], {}, { behave: () => ({ by: 'onnx' }) });
    expect([result?.status, result?.verification?.status]).toEqual(['converted', 'unavailable']);
    expect(result?.warnings.map(({ code }) => code)).toEqual(['NOT_VERIFIED']);
  });

  it('refuses names that differ in case only, before anything is touched', async () => {
    const executor: FakeOptions = { behave: () => expect.unreachable('nothing is converted') };
    await expect(all(['a/press.txt', 'b/PRESS.txt'], {}, executor)).rejects.toMatchObject({ code: 'NAME_COLLISION' });
    expect(existsSync(out)).toBe(false);
  });

  it('refuses one name for several models', async () => {
    await expect(all(['one.txt', 'two.txt'], { name: 'press' })).rejects.toMatchObject({
      code: 'USAGE',
      message: '--name names one model, but 2 were given',
    });
  });

  it('takes the place of what it wrote before, and of nothing else', async () => {
    await all(['press.txt']);
    expect(told(await all(['press.txt']))).toEqual([['press', 'converted']]);
    writeFileSync(path.join(out, 'press.json'), '{"mine": true}');
    await expect(all(['press.txt'])).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    expect(readFileSync(path.join(out, 'press.json'), 'utf8')).toBe('{"mine": true}');
  });

  it('cancels what is under way and what was not begun', async () => {
    const interrupting = new AbortController();
    const behave = () => {
      interrupting.abort();
      return { hangs: true };
    };
    const results = await all(['one.txt', 'two.txt'], { jobs: 1, signal: interrupting.signal }, { behave });
    expect(told(results)).toEqual([
      ['one', 'CANCELLED'],
      ['two', 'CANCELLED'],
    ]);
    expect(results[0]?.error?.hint).toBe('Nothing was written for this model; run it again.');
    expect(written()).toEqual([]);
  });
});

describe('convertOne', () => {
  it('tells the folder by its own name, and no times, where a document is to be the same twice', async () => {
    writeFiles(folder, { 'press.txt': CONTENT.lightgbm(), 'out/.keep': '' });
    const placement = {
      file: path.join(folder, 'press.txt'),
      name: 'p',
      source: 'press.txt',
      folder: out,
      folderName: 'models',
      timings: false,
    };
    const { document } = await using({}, (converters) => convertOne(placement, converters, { sample }));
    expect([document.source, document.output]).toEqual(['press.txt', path.join('models', 'p.onnx')]);
    const kept = JSON.parse(readFileSync(path.join(out, 'p.json'), 'utf8'));
    expect(kept.timings).toBeUndefined();
    expect(document.timings).toBeDefined();
  });

  it('gives the evidence of what did not verify, too', async () => {
    writeFiles(folder, { 'press.txt': CONTENT.lightgbm() });
    const placement = {
      file: path.join(folder, 'press.txt'),
      name: 'p',
      source: 'p',
      folder: out,
      folderName: out,
      timings: false,
    };
    const options = { sample, evidence: true };
    const { evidence } = await using({ behave: () => ({ off: 1 }) }, (converters) =>
      convertOne(placement, converters, options),
    );
    expect(evidence?.outputs[0]?.points).toEqual([[7, 6]]);
  });
});
