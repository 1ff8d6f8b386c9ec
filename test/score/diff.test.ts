import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { diffVersions } from '../../src/score/diff.js';
import { echoModel } from './echo-model.js';

let folder = '';
const file = async (name: string, content: string) => {
  const full = path.join(folder, name);
  await writeFile(full, content);
  return full;
};
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'diff-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('counts labels that change, and shows those rows with their inputs first', async () => {
  const labelled = (labels: string[]) =>
    echoModel([
      { name: 'kind', type: 'int64', labels },
      { name: 'size', type: 'float' },
    ]);
  const data = await file('labels.csv', 'id,kind,size\nx,0,1.5\ny,1,2.5\nz,2,3.5\nw,1,4.5\n');
  const options = { data, origin: 'made' } as const;
  const summary = await diffVersions({ ...options, a: labelled(['a', 'b', 'c']), b: labelled(['a', 'B', 'c']) });
  expect(summary).toMatchObject({ rows: 4, changedRows: 2, shareChanged: 0.5, onlyInA: [], onlyInB: [] });
  expect(summary.outputs.map(({ name, changed, maxAbsDiff }) => [name, changed, maxAbsDiff])).toEqual([
    ['kind_out', 2, null],
    ['size_out', 0, 0],
  ]);
  expect(summary.worst).toEqual([
    {
      row: 2,
      inputs: { kind: '1', size: '2.5' },
      a: { kind_out: 'b', size_out: 2.5 },
      b: { kind_out: 'B', size_out: 2.5 },
    },
    {
      row: 4,
      inputs: { kind: '1', size: '4.5' },
      a: { kind_out: 'b', size_out: 4.5 },
      b: { kind_out: 'B', size_out: 4.5 },
    },
  ]);
});

test('bins the differences of numbers, and counts those beyond the tolerance', async () => {
  const data = await file('numbers.csv', 'x\n1\n1000\n');
  const options = { data, origin: 'made', a: echoModel([{ name: 'x', type: 'double' }]) } as const;
  const summary = await diffVersions({
    ...options,
    b: echoModel([{ name: 'x', type: 'double' }], 0.0625),
    atol: 0,
    rtol: 0.01,
  });
  expect(summary).toMatchObject({ rows: 2, changedRows: 1, shareChanged: 0.5 });
  const [output] = summary.outputs;
  expect(output).toMatchObject({ changed: 1, maxAbsDiff: 0.0625, meanAbsDiff: 0.0625 });
  expect(output?.histogram.filter(({ rows }) => rows > 0)).toEqual([{ above: 0.01, upTo: 0.1, rows: 2 }]);
  const same = await diffVersions({ ...options, b: options.a });
  expect(same).toMatchObject({ changedRows: 0, worst: [] });
  expect(same.outputs[0]?.histogram[0]).toEqual({ above: null, upTo: 0, rows: 2 });
});

test('compares what both have, each with the columns that it reads', async () => {
  const data = await file('both.csv', 'id,x,other\n1,1,5\n');
  const a = echoModel([{ name: 'x', type: 'float' }]);
  const b = echoModel([
    { name: 'x', type: 'float' },
    { name: 'y', type: 'float' },
  ]);
  const summary = await diffVersions({ data, origin: 'made', a, b, map: { other: 'y' } });
  expect(summary).toMatchObject({ rows: 1, changedRows: 0, onlyInA: [], onlyInB: ['y_out'] });
  const unlike = echoModel([{ name: 'other', type: 'float' }]);
  await expect(diffVersions({ data, origin: 'made', a, b: unlike })).rejects.toMatchObject({
    code: 'COLUMN_MISMATCH',
    hint: 'The first gives x_out, the second other_out.',
  });
});
