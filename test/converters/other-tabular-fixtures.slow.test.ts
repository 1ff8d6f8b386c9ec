import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertAll } from '../../src/convert/convert-all.js';
import { Converters } from '../../src/convert/converters.js';
import type { Conversion } from '../../src/convert/document.js';
import { sharedFolder } from '../support/folder.js';

/** Models that the frameworks themselves wrote, and the ways in which a file is damaged. */
const FIXTURES = fileURLToPath(new URL('./fixtures/', import.meta.url));
const COLUMNS = ['a', 'b', 'c', 'd'];

let converters: Converters;
const folder = sharedFolder('other-tabular');

beforeAll(async () => {
  converters = await Converters.open({ jobs: 1 });
});
afterAll(async () => {
  await converters.close();
});

async function convert(file: string, columns?: string[]): Promise<Conversion> {
  const [result] = await convertAll([file], converters, { out: path.join(folder, 'out'), columns });
  if (result === undefined) throw new Error(`${file} gave no result`);
  return result;
}

async function damaged(name: string, change: (bytes: Buffer) => Buffer): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, change(await readFile(path.join(FIXTURES, name))));
  return file;
}

const code = async (file: string) => (await convert(file, COLUMNS)).error?.code;

describe('models that their frameworks wrote', () => {
  it.each([
    ['csvc_p_3.model', 'native', ['label', 'probability_1', 'probability_0', 'probability_2']],
    ['eps_svr.model', 'native', ['variable1']],
    ['gbm_bin.zip', 'native', ['label', 'probability_no', 'probability_yes']],
    ['gbm_reg.zip', 'native', ['variable1']],
    ['mlp.mlmodel', 'onnx', ['p_1', 'p_2', 'p_3']],
    ['spark-tree', 'native', ['label', 'probability_0', 'probability_1', 'probability_2']],
  ])('%s, held against %s predictions', async (name, reference, outputs) => {
    const columns = name.endsWith('.zip') || name === 'spark-tree' ? undefined : COLUMNS;
    const result = await convert(path.join(FIXTURES, name), columns);
    expect(result.error).toBeUndefined();
    expect(result.outputs?.map((output) => output.name)).toEqual(outputs);
    expect(result.verification).toMatchObject({
      status: reference === 'onnx' ? 'unavailable' : 'passed',
      reference,
      labelMismatches: 0,
    });
  });
});

describe('a model whose original cannot be run', () => {
  const inFolder = async (reference: string): Promise<string> => {
    const file = path.join(folder, 'mlp.mlmodel');
    await cp(path.join(FIXTURES, 'mlp.mlmodel'), file);
    await writeFile(path.join(folder, 'mlp.sample.csv'), 'a,b,c,d\n1,1,1,1\n');
    await writeFile(path.join(folder, 'mlp.reference.csv'), reference);
    return file;
  };

  it('is verified by the predictions that the user has', async () => {
    const result = await convert(await inFolder('p_1,p_2,p_3\n0.99535626,0.0041542,0.00048939\n'));
    expect(result.verification).toMatchObject({ status: 'passed', reference: 'file', rows: 1 });
  });

  it('fails when they say otherwise', async () => {
    const result = await convert(await inFolder('p_1,p_2,p_3\n0.9,0.05,0.05\n'));
    expect(result.error?.code).toBe('VERIFICATION_FAILED');
  });

  it.each([
    ['a column is missing', 'p_1,p_2\n0.9,0.05\n'],
    ['there are more rows', 'p_1,p_2,p_3\n0.9,0.05,0.05\n0.9,0.05,0.05\n'],
  ])('is refused when %s', async (_, reference) => {
    expect((await convert(await inFolder(reference))).error?.code).toBe('COLUMN_MISMATCH');
  });
});

describe('a damaged model', () => {
  it.each(['csvc_p_3.model', 'gbm_bin.zip', 'mlp.mlmodel'])(
    '%s ends in CORRUPT_MODEL wherever it is cut off',
    async (name) => {
      for (const share of [0.1, 0.35, 0.6, 0.85, 0.99]) {
        const file = await damaged(name, (bytes) => bytes.subarray(0, Math.floor(bytes.length * share)));
        expect(await code(file), `${share} of ${name}`).toBe('CORRUPT_MODEL');
      }
    },
  );

  it.each([
    ['a count that is too large', /total_sv 217/, 'total_sv 999999999'],
    ['a count of classes that is too large', /nr_class 3/, 'nr_class 30000'],
    ['an index that goes back', / 2:/, ' 1:'],
    ['a number that is none', /gamma 0.25/, 'gamma nan'],
    ['a kernel that libsvm does not have', /kernel_type rbf/, 'kernel_type own'],
  ])('of LibSVM: %s', async (_, from, to) => {
    const file = await damaged('csvc_p_3.model', (bytes) => Buffer.from(bytes.toString('latin1').replace(from, to)));
    expect(await code(file)).toBe('CORRUPT_MODEL');
  });

  it('of Spark names what is missing, and loads no class but those it knows', async () => {
    const stages = await readdir(path.join(FIXTURES, 'spark-tree', 'stages'));
    const last = stages.find((name) => name.includes('DecisionTree')) ?? '';
    const broken = async (name: string, damage: (model: string) => Promise<void>) => {
      const model = path.join(folder, name);
      await cp(path.join(FIXTURES, 'spark-tree'), model, { recursive: true });
      await damage(model);
      return (await convert(model)).error?.code;
    };
    const metadataOf = async (model: string) => {
      const inside = path.join(model, 'stages', last, 'metadata');
      return path.join(inside, (await readdir(inside))[0] ?? '');
    };
    expect(await broken('gone', (model) => rm(path.join(model, 'stages', last), { recursive: true }))).toBe(
      'CORRUPT_MODEL',
    );
    expect(await broken('cut', async (model) => writeFile(await metadataOf(model), '{"class":'))).toBe('CORRUPT_MODEL');
    const foreign = JSON.stringify({ class: 'java.lang.Runtime', paramMap: {} });
    expect(await broken('foreign', async (model) => writeFile(await metadataOf(model), foreign))).toBe(
      'UNSUPPORTED_MODEL',
    );
    // Without its package, Python's own loader would import a module of that name.
    const short = JSON.stringify({ class: 'classification.DecisionTreeClassificationModel', paramMap: {} });
    expect(await broken('short', async (model) => writeFile(await metadataOf(model), short))).toBe('UNSUPPORTED_MODEL');
    const whole = async (model: string) => {
      const inside = path.join(model, 'metadata');
      return path.join(inside, (await readdir(inside))[0] ?? '');
    };
    const inPython = async (model: string) => {
      const file = await whole(model);
      const document = JSON.parse(await readFile(file, 'utf8'));
      document.paramMap.language = 'Python';
      await writeFile(file, JSON.stringify(document));
    };
    expect(await broken('python', inPython)).toBe('UNSUPPORTED_MODEL');
    // Spark takes the first line of all files in the folder.
    const first = async (model: string) => writeFile(path.join(model, 'metadata', 'aaa'), foreign);
    expect(await broken('first', first)).toBe('CORRUPT_MODEL');
    const line = async (model: string) => {
      const file = await whole(model);
      await writeFile(file, `${foreign}\n${await readFile(file, 'utf8')}`);
    };
    expect(await broken('line', line)).toBe('CORRUPT_MODEL');
    const emptied = async (model: string) => {
      const data = path.join(model, 'stages', last, 'data');
      await rm(data, { recursive: true });
      await mkdir(data);
      await writeFile(path.join(data, 'part-0.parquet'), 'PAR1');
    };
    expect(await broken('emptied', emptied)).toBe('CORRUPT_MODEL');
  });
});
