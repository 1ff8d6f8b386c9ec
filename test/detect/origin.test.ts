import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import zlib from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ConverterManifest, readManifests } from '../../src/converters/manifest.js';
import type { Origin } from '../../src/converters/origin.js';
import { detect } from '../../src/detect/detect.js';
import { readOrigin } from '../../src/detect/origin.js';
import { findInterpreters } from '../../src/environments/interpreters.js';
import { sharedFolder } from '../support/folder.js';
import { savedModel } from './pickles.js';

const folder = sharedFolder('origin');
let manifests: ConverterManifest[];

beforeAll(async () => {
  manifests = await readManifests();
});

const PIPELINE: [string, string] = ['sklearn.pipeline', 'Pipeline'];
const LIGHTGBM: [string, string] = ['lightgbm.sklearn', 'LGBMClassifier'];

async function originOf(name: string, bytes: Buffer): Promise<Origin> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return readOrigin(file, await detect(file, manifests, 'sklearn'));
}

/** What a line of Python writes into `f`, given the input as `i`. */
async function inPython(line: string, input: string | Buffer): Promise<Buffer> {
  const [python] = await findInterpreters();
  if (python === undefined) throw new Error('these tests need a Python interpreter');
  const script = `import sys, io, zipfile, bz2, lzma
f, i = io.BytesIO(), sys.stdin.buffer.read()
${line}
sys.stdout.buffer.write(f.getvalue())`;
  return execFileSync(python.path, ['-c', script], { input });
}

describe('where a file comes from', () => {
  it('is read from a pickle: the version that saved it, and the modules that tell environments apart', async () => {
    expect(await originOf('plain.joblib', savedModel([PIPELINE, LIGHTGBM], '1.4.2'))).toEqual({
      modules: ['lightgbm'],
      savedBy: '1.4.2',
    });
    expect(await originOf('own.joblib', savedModel([PIPELINE], '1.10.dev0'))).toEqual({
      modules: [],
      savedBy: '1.10.dev0',
    });
  });

  it('is found behind any number of bytes, also where two pieces meet', async () => {
    for (const padding of [2 ** 20 - 40, 2 ** 20 - 10, 5 * 2 ** 20]) {
      expect((await originOf('long.joblib', savedModel([PIPELINE], '1.2.2', padding))).savedBy).toBe('1.2.2');
    }
  });

  it.each([
    ['zlib', zlib.deflateSync],
    ['gzip', zlib.gzipSync],
  ])('is found beneath %s', async (name, deflate) => {
    const bytes = deflate(savedModel([PIPELINE, LIGHTGBM], '1.5.1'));
    expect(await originOf(`${name}.joblib`, bytes)).toEqual({ modules: ['lightgbm'], savedBy: '1.5.1' });
  });

  it.each(['bz2', 'lzma'])('is found beneath what only Python opens: %s', async (name) => {
    const model = savedModel([PIPELINE, LIGHTGBM], '1.5.1');
    const bytes = await inPython(`f.write(${name}.compress(i))`, model);
    expect(await originOf(`${name}.joblib`, bytes)).toEqual({ modules: ['lightgbm'], savedBy: '1.5.1' });
  });

  it('is what there is of it in a file that was cut off', async () => {
    const whole = zlib.gzipSync(savedModel([PIPELINE], '1.5.1', 2 ** 16));
    expect(await originOf('cut.joblib', whole.subarray(0, whole.length - 20))).toMatchObject({ modules: [] });
  });

  it('is unknown where the file does not say it, and a step named like a module is none', async () => {
    const step = Buffer.from('\x8c\x07xgboost\x94\x8c\x01C\x94.', 'latin1');
    const model = Buffer.concat([savedModel([PIPELINE]), step]);
    expect(await originOf('none.joblib', model)).toEqual({ modules: [], savedBy: null });
  });

  it('is read from the schema of a skops file', async () => {
    const version = { __class__: 'str', __module__: 'builtins', __loader__: 'JsonNode', content: '"1.5.1"' };
    const schema = JSON.stringify({ content: { content: { _sklearn_version: version } } });
    const bytes = await inPython('with zipfile.ZipFile(f, "w") as z: z.writestr("schema.json", i)', schema);
    expect(await originOf('a.skops', bytes)).toEqual({ modules: [], savedBy: '1.5.1' });
  });
});
