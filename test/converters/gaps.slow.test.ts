import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/convert/document.js';
import type { TargetId } from '../../src/targets/targets.js';
import { byName, convertFor, outcome } from '../support/battery.js';
import { heldOut } from '../support/held-out.js';
import { type Prepared, prepare } from '../support/prepared.js';

const TARGETS: TargetId[] = ['sql-edge', 'sql-edge-1'];

let prepared: Prepared;
let models: { name: string; warning: string | null }[];
const results = new Map<TargetId, Map<string, Conversion>>();

beforeAll(async () => {
  prepared = await prepare();
  const { folder, python } = prepared;
  await python('test/batteries/gaps.py', folder);
  models = JSON.parse(await readFile(path.join(folder, 'gaps.json'), 'utf8')).models;
  const files = (await readdir(folder))
    .filter((file) => file.endsWith('.joblib'))
    .map((file) => path.join(folder, file));
  for (const [target, conversions] of await convertFor(TARGETS, files, prepared))
    results.set(target, byName(conversions));
});
afterAll(() => prepared.close());

describe.each(TARGETS)('columns with None, NaN and markers, for %s', (target) => {
  /** Each model with a sample that has no gap, and with one that has. */
  const all = () =>
    models.flatMap(({ name, warning }) => ['', '.gaps'].map((kind) => ({ name, warning, id: name + kind })));
  const resultOf = (id: string) => results.get(target)?.get(id);

  it('convert, whether the sample has gaps or not', () => {
    expect(models.length).toBeGreaterThan(70);
    expect(
      all()
        .filter(({ id }) => outcome(resultOf(id)) !== 'verified')
        .map(({ id }) => [id, resultOf(id)?.error]),
    ).toEqual([]);
  });

  it('predict rows that no sample held as the original does', async () => {
    const wrong: unknown[] = [];
    for (const { name, id } of all()) {
      const result = resultOf(id);
      if (result?.output === undefined) continue;
      const files = ['rows', 'expected'].map((kind) => path.join(prepared.folder, `${name}.${kind}.json`));
      const [rows = '', expected = ''] = files;
      const { status, worst } = await heldOut(result, { rows, expected }, prepared.converters);
      if (status !== 'passed') wrong.push([id, worst]);
    }
    expect(wrong).toEqual([]);
  });

  it('say what NULL means where training knew None and NaN', () => {
    const warned = all().filter(({ id }) => resultOf(id)?.warnings.some(({ code }) => code === 'NULL_MEANS'));
    expect(warned.map(({ id }) => id)).toEqual(
      all()
        .filter(({ warning }) => warning === 'NULL_MEANS')
        .map(({ id }) => id),
    );
    expect(resultOf('ordinal-both')?.warnings).toContainEqual({
      code: 'NULL_MEANS',
      message: 'in column city NULL means None, which the model tells from NaN; a row with NaN cannot be had from SQL',
    });
  });
});
