import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import zlib from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ConverterManifest, readManifests } from '../../src/converters/manifest.js';
import { detect } from '../../src/detect/detect.js';
import { findModels } from '../../src/detect/find-models.js';
import { PredictableError } from '../../src/errors.js';
import { sharedFolder } from '../support/folder.js';
import { pickleOf, savedModel } from './pickles.js';

const folder = sharedFolder('detect');
let manifests: ConverterManifest[];

beforeAll(async () => {
  manifests = await readManifests();
});

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

  it.each([
    ['lightgbm.sklearn', 'LGBMClassifier', 'lightgbm'],
    ['xgboost.core', 'Booster', 'xgboost'],
    ['catboost.core', 'CatBoostRegressor', 'catboost'],
  ])('takes a pickled %s.%s for what it is, though it names scikit-learn too', async (module, name, converter) => {
    const file = await save(
      `${converter}.joblib`,
      savedModel([
        [module, name],
        ['sklearn.preprocessing._label', 'LabelEncoder'],
      ]),
    );
    expect((await detect(file, manifests)).converter.id).toBe(converter);
  });

  it('takes a pickle that only Python can open for scikit-learn, unless it is told otherwise', async () => {
    const file = await save('packed.joblib', Buffer.from('BZh91AY&SY', 'latin1'));
    expect((await detect(file, manifests)).converter.id).toBe('sklearn');
    expect((await detect(file, manifests, 'lightgbm')).format.id).toBe('lightgbm-pickle');
  });

  it('leaves a pipeline that ends in a booster to scikit-learn', async () => {
    const file = await save(
      'pipeline.pkl',
      savedModel([
        ['sklearn.pipeline', 'Pipeline'],
        ['lightgbm.sklearn', 'LGBMRegressor'],
      ]),
    );
    expect((await detect(file, manifests)).converter.id).toBe('sklearn');
  });

  it.each([
    ['model.txt', 'tree\nversion=v4\nnum_class=1\n', 'lightgbm-text'],
    ['windows.txt', 'tree\r\nversion=v3\r\n', 'lightgbm-text'],
    ['model.json', '{"learner":{"attributes":{}', 'xgboost-json'],
    ['indented.json', '{\n  "version": [\n    3,\n    2', 'xgboost-json'],
    ['model.ubj', '{L\0\0\0\0\0\0\0\x07learner{', 'xgboost-ubj'],
    ['model.cbm', 'CBM1\x98\x1c\0\0', 'catboost-cbm'],
  ])('tells %s from how it begins', async (name, content, format) => {
    const file = await save(name, Buffer.from(content, 'latin1'));
    expect((await detect(file, manifests)).format.id).toBe(format);
  });

  it('does not choose between two converters', async () => {
    const sklearn = manifests.find(({ id }) => id === 'sklearn');
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

describe('models of other families', () => {
  it('are told by how they begin, whatever their name', async () => {
    const libsvm = await save('m.txt', 'svm_type c_svc\nkernel_type rbf\n');
    const coreml = await save('m.bin', Buffer.from('\x08\x01\x12\x20\x0a\x0e\x0a\x01x\x1a\x09', 'latin1'));
    expect((await detect(libsvm, manifests)).converter.id).toBe('libsvm');
    expect((await detect(coreml, manifests)).converter.id).toBe('coreml');
  });

  it('leave ONNX alone, which begins almost like CoreML', async () => {
    const file = await save('m.onnx', Buffer.from('\x08\x08\x12\x08skl2onnx\x1a\x06', 'latin1'));
    const error = await failure(file);
    expect(error.code).toBe('UNKNOWN_FORMAT');
    expect(error.hint).toContain('ONNX already');
  });

  it('may be folders, which are found as one model and not searched', async () => {
    const model = path.join(folder, 'zoo', 'spark.v2');
    await mkdir(path.join(model, 'metadata'), { recursive: true });
    await mkdir(path.join(model, 'stages'));
    await writeFile(path.join(model, 'stages', 'inside.joblib'), 'no model of its own');
    await writeFile(path.join(folder, 'zoo', 'b.joblib'), 'x');
    expect(await findModels([path.join(folder, 'zoo')], manifests)).toEqual([
      path.join(folder, 'zoo', 'b.joblib'),
      model,
    ]);
    const detected = await detect(model, manifests);
    expect(detected).toMatchObject({ bytes: 19, format: { id: 'spark-pipeline' } });
  });
});
