import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/convert/document.js';
import type { TargetId } from '../../src/targets/targets.js';
import { byName, convertFor, outcome } from '../support/battery.js';
import { heldOut } from '../support/held-out.js';
import { type Prepared, prepare } from '../support/prepared.js';

let prepared: Prepared;
let models: { name: string; wide: string[] }[];

beforeAll(async () => {
  prepared = await prepare();
  await prepared.python('test/batteries/wide_columns.py', prepared.folder);
  models = JSON.parse(await readFile(path.join(prepared.folder, 'wide.json'), 'utf8')).models;
});
afterAll(() => prepared.close());

describe.each<TargetId>(['sql-edge', 'sql-edge-1'])('numbers that real does not hold, for %s', (target) => {
  let results: Map<string, Conversion>;
  beforeAll(async () => {
    const files = models.map(({ name }) => path.join(prepared.folder, `${name}.joblib`));
    results = byName((await convertFor([target], files, prepared)).get(target) ?? []);
  });

  it('get float columns, and only they', () => {
    const wide = models.map(({ name }) => {
      const result = results.get(name);
      const columns = result?.inputs?.filter(({ sqlType }) => sqlType === 'float').map((input) => input.name);
      return [name, outcome(result), columns?.sort()];
    });
    expect(wide).toEqual(models.map(({ name, wide: columns }) => [name, 'verified', columns]));
  });

  it('which is said in one line', () => {
    const lines = (name: string) => results.get(name)?.warnings.filter(({ code }) => code === 'WIDER_COLUMNS') ?? [];
    expect(lines('prices').map(({ message }) => message)).toEqual([
      'columns price, cents are float: the model tells numbers apart that are one in real',
    ]);
    expect(lines('orders')[0]?.message).toMatch(
      /^column order is float: real would change \d+ of [\d,]+ rows and probes$/,
    );
    expect(lines('forest')).toEqual([]);
  });

  it('so that rows which no sample held are predicted as the original does', async () => {
    for (const { name } of models.filter(({ wide }) => wide.length > 0)) {
      const result = results.get(name);
      if (result === undefined) throw new Error(`${name} was not converted`);
      const [rows, expected] = ['rows', 'expected'].map((kind) => path.join(prepared.folder, `${name}.${kind}.csv`));
      const verification = await heldOut(result, { rows: rows ?? '', expected: expected ?? '' }, prepared.converters);
      expect(verification, name).toMatchObject({ status: 'passed', rows: 5000, labelMismatches: 0 });
    }
  });
});
