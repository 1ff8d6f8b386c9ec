import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import zlib from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ConverterManifest, readManifests } from '../../src/converters/manifest.js';
import { detect } from '../../src/detect/detect.js';
import { PredictableError } from '../../src/errors.js';
import { pickleOf } from './pickles.js';

let folder: string;
let manifests: ConverterManifest[];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'detect-'));
  manifests = await readManifests();
});
afterAll(() => rm(folder, { recursive: true }));

async function save(name: string, bytes: Buffer | string): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, bytes);
  return file;
}

async function failure(file: string): Promise<PredictableError> {
  const error = await detect(file, manifests).catch((thrown: unknown) => thrown);
  if (error instanceof PredictableError) return error;
  throw new Error(`${file} was taken`);
}

describe('detect', () => {
  it.each([2, 4] as const)('names the modules of a protocol %i pickle without running it', async (protocol) => {
    const file = await save(
      `m${protocol}.joblib`,
      pickleOf('sklearn.linear_model._logistic', 'LogisticRegression', protocol),
    );
    const detected = await detect(file, manifests);
    expect(detected.format.id).toBe('sklearn-joblib');
    expect(detected.converter.id).toBe('sklearn');
    expect(detected.modules).toEqual(['sklearn.linear_model._logistic']);
  });

  it.each([
    ['zlib', zlib.deflateSync],
    ['gzip', zlib.gzipSync],
  ])('looks inside %s', async (name, deflate) => {
    const file = await save(`${name}.joblib`, deflate(pickleOf('sklearn.svm._classes', 'SVC', 4)));
    expect((await detect(file, manifests)).modules).toEqual(['sklearn.svm._classes']);
  });

  it('tells a pickle of another extension from its content', async () => {
    const file = await save('model.bin', pickleOf('sklearn.svm._classes', 'SVC', 4));
    expect((await detect(file, manifests)).converter.id).toBe('sklearn');
  });

  it('refuses a text that is named like a model, saying what it holds', async () => {
    const error = await failure(await save('notes.joblib', 'dear diary'));
    expect(error.code).toBe('CORRUPT_MODEL');
    expect(error.message).toContain('holds plain text');
  });

  it('refuses a text that begins like a zlib stream', async () => {
    expect((await failure(await save('x.joblib', 'x marks the spot'))).code).toBe('CORRUPT_MODEL');
  });

  it('refuses a zip whose end is missing', async () => {
    const error = await failure(await save('cut.skops', Buffer.from('PK\x03\x04 and then nothing', 'latin1')));
    expect(error.code).toBe('CORRUPT_MODEL');
    expect(error.hint).toContain('cut off');
  });

  it('refuses an empty file', async () => {
    expect((await failure(await save('empty.joblib', ''))).code).toBe('CORRUPT_MODEL');
  });

  it('says which extensions are read when it knows nothing of a file', async () => {
    const error = await failure(await save('photo.jpg', Buffer.from([0xff, 0xd8, 0, 1])));
    expect(error.code).toBe('UNKNOWN_FORMAT');
    expect(error.hint).toContain('.joblib');
  });

  it('says how to go on with a file that is ONNX already', async () => {
    expect((await failure(await save('a.onnx', Buffer.from([8, 8, 0])))).hint).toContain('predictable normalize');
  });

  it('refuses a file that is not there', async () => {
    expect((await failure(path.join(folder, 'none.joblib'))).code).toBe('FILE_NOT_FOUND');
  });

  it('does not choose between two converters', async () => {
    const [sklearn] = manifests;
    if (sklearn === undefined) throw new Error('no converter');
    const rival = {
      ...sklearn,
      id: 'rival',
      formats: sklearn.formats.map((format) => ({ ...format, id: `rival-${format.id}` })),
    };
    const file = await save('two.joblib', pickleOf('sklearn.svm._classes', 'SVC', 4));
    await expect(detect(file, [sklearn, rival])).rejects.toMatchObject({
      code: 'AMBIGUOUS_FORMAT',
      hint: 'Say which: --converter sklearn',
    });
    expect((await detect(file, [sklearn, rival], 'rival')).converter.id).toBe('rival');
  });
});
