import { execFileSync, spawn } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../src/cli/documents.js';
import { findInterpreters } from '../../src/environments/interpreters.js';
import { endlessLoop } from '../inference/graphs.js';
import { type Prepared, prepare } from '../support/prepared.js';
import { lackingWalls } from '../support/walls.js';
import { document, predictable, program } from './run.js';

let prepared: Prepared;
let folder: string;
const at = (...parts: string[]) => path.join(folder, ...parts);

beforeAll(async () => {
  prepared = await prepare();
  folder = prepared.folder;
  await prepared.python('samples/train.py', folder, '--only', 'iris', 'cancer-linear');
});
afterAll(() => prepared.close());

/** What each refusal says to do next. */
const HINTS: Record<string, RegExp> = {
  CORRUPT_MODEL: /^Check that (the file was copied whole|this is the file that the)/,
  UNTRUSTED_ARTIFACT: /^this file once {6}--trust-sha256 [0-9a-f]{64}$/m,
  UNSUPPORTED_MODEL: /^Save the fitted estimator or pipeline by itself: joblib\.dump\(pipeline, path\)\.$/,
  COLUMN_MISMATCH: /^Rename the sample's columns, map them with --map column=input/,
};

/** Converts, expects one failure of this code with what to do, and nothing written. */
async function refused(file: string, code: string, ...args: string[]) {
  const out = at(`out-${path.basename(file)}-${code}`);
  const { json, ran } = await document(['convert', file, '-o', out, ...args]);
  const [result] = DOCUMENTS.convert.parse(json).results;
  expect(result?.error?.code).toBe(code);
  expect(result?.error?.hint).toMatch(HINTS[code]!);
  expect(ran.exitCode).toBe(1);
  expect(await readdir(out)).toEqual([]);
  return result?.error;
}

describe('a model file that is not what it should be', () => {
  it('truncated joblib', async () => {
    await copyFile(at('iris.joblib'), at('cut.joblib'));
    await truncate(at('cut.joblib'), 3000);
    await refused(at('cut.joblib'), 'CORRUPT_MODEL', '--trust');
  });

  it('a text file named .joblib', async () => {
    await writeFile(at('text.joblib'), 'not a model at all\n');
    await refused(at('text.joblib'), 'CORRUPT_MODEL', '--trust');
  });

  it('a pickle that runs code does not run without trust', async () => {
    const proof = at('it-ran');
    await livePickle('evil.joblib', `open(${JSON.stringify(proof)}, 'w').close()`);
    const error = await refused(at('evil.joblib'), 'UNTRUSTED_ARTIFACT');
    expect(error?.details).toMatchObject({ modules: ['builtins'] });
    await predictable(['detect', at('evil.joblib')]);
    await predictable(['trust', at('evil.joblib'), '-o', at('trust.lock')]);
    expect(existsSync(proof)).toBe(false);
    // With trust it runs, and reaches no other folder.
    if ((await lackingWalls()) === '') {
      await refused(at('evil.joblib'), 'CONVERTER_FAILED', '--trust');
      expect(existsSync(proof)).toBe(false);
    }
    // Python alone shows that the file is a live one.
    const [python] = await findInterpreters();
    if (python === undefined) throw new Error('these tests need a Python interpreter');
    execFileSync(python.path, ['-c', 'import pickle, sys; pickle.load(open(sys.argv[1], "rb"))', at('evil.joblib')]);
    expect(existsSync(proof)).toBe(true);
  });

  it('an ordinary pickle without trust, and with the trust.lock that the hint names', async () => {
    const error = await refused(at('iris.joblib'), 'UNTRUSTED_ARTIFACT');
    expect(error?.message.split('\n')).toHaveLength(2);
    await predictable(['trust', at('iris.joblib'), '-o', at('ok.lock')]);
    const { json } = await document(['convert', at('iris.joblib'), '--trust-lock', at('ok.lock'), '-o', at('trusted')]);
    expect(DOCUMENTS.convert.parse(json).results[0]?.status).toBe('converted');
  });
});

describe('a sample that does not fit', () => {
  const sample = async (name: string, change: (text: string) => string) => {
    const text = await readFile(at('iris.sample.csv'), 'utf8');
    await writeFile(at(name), change(text));
    return at(name);
  };

  it('with a column missing names it', async () => {
    const file = await sample('missing.csv', (text) => text.replaceAll(/^([^,\n]*),/gm, ''));
    const error = await refused(at('iris.joblib'), 'COLUMN_MISMATCH', '--trust', '--sample', file);
    expect(error?.message).toContain('sepal_length');
  });

  it('with a column renamed suggests the nearest name', async () => {
    const file = await sample('renamed.csv', (text) => text.replace('sepal_length', 'sepal_lenght'));
    const error = await refused(at('iris.joblib'), 'COLUMN_MISMATCH', '--trust', '--sample', file);
    expect(`${error?.message} ${error?.hint}`).toContain('sepal_lenght');
  });

  it('with more columns than the model reads is taken', async () => {
    const file = await sample('extra.csv', (text) => text.replaceAll(/$(?=\n)/gm, ',9').replace(',9\n', ',extra\n'));
    const { json } = await document(['convert', at('iris.joblib'), '--trust', '--sample', file, '-o', at('extra')]);
    expect(DOCUMENTS.convert.parse(json).results[0]).toMatchObject({ status: 'converted' });
  });
});

describe('a graph that never ends', () => {
  it('is inspected without running it, and ended when it has to run', async () => {
    await writeFile(at('endless.onnx'), endlessLoop());
    expect((await predictable(['inspect', at('endless.onnx')])).exitCode).toBe(0);
    const args = ['normalize', at('endless.onnx'), '--columns', 'x', '-o', at('columnar.onnx'), '--timeout', '2'];
    const { json, ran } = await document(args);
    expect(DOCUMENTS.error.parse(json).error.code).toBe('INFERENCE_TIMEOUT');
    expect(ran.exitCode).toBe(1);
    expect(existsSync(at('columnar.onnx'))).toBe(false);
  });
});

describe('a registry file', () => {
  it('that is something else is left as it was', async () => {
    await writeFile(at('notes.duckdb'), 'these are my notes');
    const { json, ran } = await document(['list', '--registry', `duckdb:${at('notes.duckdb')}`]);
    expect(DOCUMENTS.error.parse(json).error.code).toBe('REGISTRY_DAMAGED');
    expect(ran.exitCode).toBe(2);
    expect(await readFile(at('notes.duckdb'), 'utf8')).toBe('these are my notes');
  });
});

/** A pickle that runs a shell command when it is loaded, for what only a live interpreter can show. */
async function livePickle(name: string, code: string): Promise<string> {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(code.length);
  const pickle = Buffer.concat([
    Buffer.from('\x80\x02cbuiltins\nexec\nX', 'latin1'),
    length,
    Buffer.from(code),
    Buffer.from('\x85R.', 'latin1'),
  ]);
  await writeFile(at(name), pickle);
  return at(name);
}

describe('an interpreter that is killed in the middle', () => {
  it('is CONVERTER_CRASHED at once, and the other models go on', async () => {
    const deadly = await livePickle('deadly.joblib', 'import os, signal; os.kill(os.getpid(), signal.SIGKILL)');
    const { json } = await document(['convert', deadly, at('iris.joblib'), '--trust', '-o', at('after-death')]);
    const { results } = DOCUMENTS.convert.parse(json);
    expect(results.map(({ name, error, status }) => [name, error?.code ?? status])).toEqual([
      ['deadly', 'CONVERTER_CRASHED'],
      ['iris', 'converted'],
    ]);
    expect((await readdir(at('after-death'))).sort()).toEqual(['iris.json', 'iris.onnx']);
  });
});

describe('Ctrl-C', () => {
  /** Starts a command in a group of its own, interrupts it at `when`, and gives back how it ended. */
  async function interrupt(args: string[], env: Record<string, string>, when: RegExp | string): Promise<number | null> {
    const child = spawn(process.execPath, [program, ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const stop = () => child.pid !== undefined && process.kill(-child.pid, 'SIGINT');
    if (typeof when === 'string') {
      // A file that the interpreter writes says that it is in the middle.
      const watcher = watch(path.dirname(when), { recursive: true }, (_, name) => {
        if (name === null || path.basename(name) !== path.basename(when)) return;
        watcher.close();
        stop();
      });
    } else {
      let said = '';
      child.stderr.on('data', (chunk: Buffer) => {
        const before = when.test(said);
        said += chunk.toString();
        if (!before && when.test(said)) stop();
      });
    }
    return new Promise((resolve) => child.on('exit', (code) => resolve(code)));
  }

  it('in the middle of a build leaves nothing of it, and the next build works', async () => {
    const cache = at('cache');
    await mkdir(cache);
    const code = await interrupt(['setup', 'sklearn'], { PREDICTABLE_CACHE: cache }, /downloading/);
    expect(code).toBe(130);
    expect((await readdir(path.join(cache, 'environments'))).filter((name) => !name.endsWith('.log'))).toEqual([]);
    const again = await predictable(['setup', 'sklearn'], { env: { PREDICTABLE_CACHE: cache } });
    expect(again.exitCode, again.stderr).toBe(0);
  });

  it('in the middle of many registrations ends after the one in hand', async () => {
    await predictable(['convert', at('iris.joblib'), '--trust', '-o', at('many')]);
    const files = [];
    for (let copy = 0; copy < 40; copy++) {
      await copyFile(at('many/iris.onnx'), at(`many/iris-${copy}.onnx`));
      files.push(at(`many/iris-${copy}.onnx`));
    }
    const registry = `duckdb:${at('many.duckdb')}`;
    const args = ['register', ...files, '--allow-unverified', '--registry', registry];
    expect(await interrupt(args, {}, at('many.duckdb'))).toBe(130);
    const { json } = await document(['list', '--registry', registry]);
    expect(DOCUMENTS.list.parse(json).models.length).toBeLessThan(40);
  });

  it('in the middle of a conversion ends it, and leaves nothing of it', async () => {
    // In its run folder, which is all that it may write and lies in the temporary folder.
    const slow = await livePickle('slow.joblib', "import time; open('sleeping', 'w').close(); time.sleep(600)");
    const temporary = at('temporary');
    await mkdir(temporary);
    const args = ['convert', slow, '--trust', '-o', at('interrupted')];
    const code = await interrupt(args, { TMPDIR: temporary }, path.join(temporary, 'sleeping'));
    expect(code).toBe(130);
    expect(await readdir(at('interrupted'))).toEqual([]);
    expect(await readdir(temporary)).toEqual([]);
  });
});
