import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertAll } from '../../src/convert/convert-all.js';
import type { Conversion } from '../../src/convert/document.js';
import { cuts, fewOrMany } from '../support/counts.js';
import { type Prepared, prepare } from '../support/prepared.js';

/** A model that was damaged on its way, or made to harm, ends with one of these. */
const ENDS = new Set(['CORRUPT_MODEL', 'UNSUPPORTED_MODEL', 'UNKNOWN_FORMAT']);
const MODELS = [
  'lightgbm-missing.txt',
  'lightgbm-codes.txt',
  'lightgbm-linear.txt',
  'xgboost-codes.json',
  'xgboost-missing.ubj',
  'xgboost-linear.json',
  'catboost-missing.cbm',
];

let prepared: Prepared;
let count = 0;

beforeAll(async () => {
  prepared = await prepare('lightgbm');
  await prepared.python(
    'test/batteries/boosters.py',
    prepared.folder,
    '--only',
    ...MODELS.map((name) => path.parse(name).name),
  );
});
afterAll(() => prepared.close());

async function ending(contents: Map<string, Buffer | string>): Promise<Conversion[]> {
  count += 1;
  const folder = path.join(prepared.folder, `damaged-${count}`);
  await mkdir(folder);
  const files = await Promise.all(
    [...contents].map(async ([name, content]) => {
      const file = path.join(folder, name);
      await writeFile(file, content);
      return file;
    }),
  );
  return convertAll(files, prepared.converters, { out: path.join(folder, 'out') });
}

const codes = (results: Conversion[]) =>
  results.filter(({ error }) => !ENDS.has(error?.code ?? '')).map(({ name, error }) => [name, error]);

describe('a damaged booster', () => {
  it.each(MODELS)('%s is refused wherever it was cut off', async (model) => {
    const whole = await readFile(path.join(prepared.folder, model));
    const { name, ext } = path.parse(model);
    const parts = cuts(fewOrMany(5, 200)).map(
      (share) => [`${name}-${share}${ext}`, whole.subarray(0, Math.floor(whole.length * share))] as const,
    );
    expect(codes(await ending(new Map(parts)))).toEqual([]);
  });

  it('whose text says something else than numbers, or numbers beyond all bounds, is refused', async () => {
    const text = await readFile(path.join(prepared.folder, 'lightgbm-codes.txt'), 'utf8');
    const changes: [string, RegExp, string][] = [
      ['words', /^threshold=\S+/m, 'threshold=high'],
      ['leaves', /^num_leaves=\d+/m, 'num_leaves=999999999999'],
      ['features', /^max_feature_idx=\d+/m, 'max_feature_idx=99999999999'],
      ['child', /^left_child=\S+/m, 'left_child=5000'],
      ['circle', /^left_child=\S+/m, 'left_child=0'],
      ['feature', /^split_feature=\S+/m, 'split_feature=77'],
      ['negative', /^split_feature=\S+/m, 'split_feature=-2'],
      ['sets', /^cat_boundaries=0/m, 'cat_boundaries=900'],
      ['trees', /^num_tree_per_iteration=1/m, 'num_tree_per_iteration=0'],
      ['sizes', /^tree_sizes=\d+/m, 'tree_sizes=99999999'],
      ['objective', /^objective=.*/m, 'objective=magic'],
      ['classes', /^num_class=1/m, 'num_class=1000000000'],
    ];
    const damaged = changes.map(([name, from, to]) => [`${name}.txt`, text.replace(from, to)] as const);
    expect(damaged.filter(([, content]) => content === text)).toEqual([]);
    expect(codes(await ending(new Map(damaged)))).toEqual([]);
  });

  it('whose JSON has the wrong types or numbers is refused', async () => {
    const text = await readFile(path.join(prepared.folder, 'xgboost-codes.json'), 'utf8');
    const changes: [string, RegExp, string][] = [
      ['type', /"left_children":\[/, '"left_children":["x",'],
      ['child', /"left_children":\[\d+/, '"left_children":[5000'],
      ['circle', /"left_children":\[\d+/, '"left_children":[0'],
      ['feature', /"split_indices":\[\d+/, '"split_indices":[7000'],
      ['features', /"num_feature":"\d+"/, '"num_feature":"99999999999999999999"'],
      ['no-trees', /"trees":\[/, '"tress":['],
      ['objective', /"name":"reg:squarederror"/, '"name":"reg:magic"'],
      ['base', /"base_score":"[^"]*"/, '"base_score":"high"'],
    ];
    const damaged = changes.map(([name, from, to]) => [`${name}.json`, text.replace(from, to)] as const);
    expect(damaged.filter(([, content]) => content === text)).toEqual([]);
    expect(
      codes(
        await ending(
          new Map([...damaged, ['nothing.json', '{"learner":{}}'], ['open.json', '{"learner":[[[['] as const]),
        ),
      ),
    ).toEqual([]);
  });

  it('that only begins like one is refused', async () => {
    const garbage = Buffer.alloc(4000, 0xa7);
    const results = await ending(
      new Map<string, Buffer | string>([
        ['short.cbm', Buffer.from('CBM1')],
        ['long.cbm', Buffer.concat([Buffer.from('CBM1'), Buffer.from([0xff, 0xff, 0xff, 0xff]), garbage])],
        ['noise.cbm', Buffer.concat([Buffer.from('CBM1'), Buffer.from([0x40, 0x0f, 0, 0]), garbage])],
        ['noises.ubj', Buffer.concat([Buffer.from('{L\0\0\0\0\0\0\0\x07learner{', 'latin1'), garbage])],
        ['head.txt', 'tree\nversion=v4\nnum_class=1\n'],
      ]),
    );
    expect(codes(results)).toEqual([]);
  });
});
