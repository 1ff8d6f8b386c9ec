import { existsSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/convert/document.js';
import { filesOf, requestFor, withOriginal } from '../../src/convert/original.js';
import { predictedSchema } from '../../src/converters/answer.js';
import { packageRoot } from '../../src/paths.js';
import { openRegistry } from '../../src/registry/open.js';
import { registerFile } from '../../src/registry/register-file.js';
import type { Frame } from '../../src/rows/frame.js';
import { readFrame } from '../../src/rows/frame-file.js';
import { readTable } from '../../src/rows/read-table.js';
import { score } from '../../src/score/score.js';
import { scoringModel } from '../../src/score/scoring-model.js';
import { expectBlock } from '../docs/generated-block.js';
import { type NetworkSample, networkSamples, sampleOptions } from '../support/networks.js';
import { type Prepared, prepare } from '../support/prepared.js';

const FAMILIES = [
  { id: 'pytorch', title: 'PyTorch' },
  { id: 'tensorflow', title: 'TensorFlow' },
  { id: 'keras', title: 'Keras' },
];
/** Of the size of what is predicted. */
const CLOSE = 1e-5;

describe.each(FAMILIES)('$title', ({ id, title }) => {
  let prepared: Prepared;
  let samples: NetworkSample[];
  let results: Conversion[];

  beforeAll(async () => {
    prepared = await prepare(id);
    samples = await networkSamples(id);
    const saved = path.join(packageRoot, 'test', 'batteries', 'fixtures', `${id}2`);
    await prepared.python(`samples/${id}/train.py`, path.join(prepared.folder, 'models'));
    if (existsSync(saved)) await cp(saved, path.join(prepared.folder, 'models'), { recursive: true });
    results = [];
    for (const sample of samples) results.push(await convert(sample));
  });
  afterAll(() => prepared.close());

  const place = ({ file }: NetworkSample): string => path.join(prepared.folder, 'models', file);

  const convert = (sample: NetworkSample) => prepared.convert(place(sample), sampleOptions(sample));

  it('verifies every sample, or refuses it with the code that is right', () => {
    const ends = results.map(({ error, status }) => error?.code ?? status);
    expect(ends).toEqual(samples.map(({ expected, refused }) => expected ?? refused ?? 'converted'));
  });

  it('predicts the same from the embedded registry, through a column for each value', async () => {
    const registry = await openRegistry(`duckdb:${path.join(prepared.folder, 'registry.duckdb')}`);
    try {
      for (const [at, sample] of samples.entries()) {
        const { output, name } = results[at] ?? {};
        if (output === undefined || name === undefined) continue;
        await registerFile(output, registry, { name: `m${at}` });
        const { rows, expected } = await originalPredictions(sample);
        const data = path.join(prepared.folder, `${at}.csv`);
        await writeFile(data, csvOf(rows));
        const file = path.join(prepared.folder, `${at}.scored.parquet`);
        const { model } = await scoringModel(registry, `m${at}`);
        await score({ ...model, data, output: { file } });
        expect(farthest(await readTable(file), expected), `${sample.file} of ${name}`).toBeLessThanOrEqual(
          sample.atol ?? CLOSE,
        );
      }
    } finally {
      await registry.close();
    }
  });

  it('gives the same bytes and figures again, after others have used the same interpreter', async () => {
    for (const [at, sample] of samples.toReversed().entries()) {
      const before = results[samples.length - 1 - at];
      const again = await convert(sample);
      const facts = ({ sha256, verification, inputs, outputs }: Partial<Conversion>) => [
        sha256,
        verification,
        inputs,
        outputs,
      ];
      expect(facts(again), sample.file).toEqual(facts(before ?? {}));
    }
  });

  it('is what docs/networks.md states', async () => {
    const rows = samples.map((sample, at) => line(sample, results[at]));
    const head = ['| model | shows | columns | result | differs by |', '| --- | --- | --- | --- | --- |'];
    await expectBlock('networks.md', title, [...head, ...rows].join('\n'));
  });

  /** The rows of the sample, or made-up ones, and what the framework says of them. */
  async function originalPredictions(sample: NetworkSample): Promise<{ rows: Frame; expected: Frame }> {
    const given = sampleOptions(sample);
    return withOriginal(place(sample), prepared.converters, given, async (original) => {
      const request = await requestFor(original, 'predict', { precision: 'float', wide: null }, given);
      const { reference } = predictedSchema.parse(
        await original.ready.pool.call(request, { files: filesOf(original, request) }),
      );
      return { rows: await readFrame(reference.rows), expected: await readFrame(reference.expected) };
    });
  }
});

function csvOf({ rows, columns }: Frame): string {
  const lines = [columns.map(({ name }) => name).join(',')];
  for (let row = 0; row < rows; row += 1) lines.push(columns.map(({ values }) => String(values[row])).join(','));
  return `${lines.join('\n')}\n`;
}

/** The largest difference between equally named columns, in parts of the largest value of the column (at least 1). */
function farthest(got: Frame, expected: Frame): number {
  const differences = got.columns.flatMap(({ name, values }) => {
    const wanted = expected.columns.find((column) => column.name === name);
    if (wanted === undefined) return [];
    const numbers = Array.from(wanted.values, Number);
    const scale = Math.max(1, ...numbers.map(Math.abs));
    return numbers.map((number, row) => Math.abs(Number(values[row]) - number) / scale);
  });
  if (differences.length === 0) throw new Error('no output is among what was scored');
  return Math.max(...differences);
}

function line(sample: NetworkSample, result: Conversion | undefined): string {
  const { error, inputs, outputs, verification } = result ?? {};
  const columns = inputs && outputs ? `${inputs.length} → ${outputs.length}` : '';
  const end = error ? error.code : verification?.status === 'passed' ? 'verified' : verification?.status;
  return `| ${sample.file} | ${sample.shows} | ${columns} | ${end} | ${error ? '' : bound(verification?.maxAbsDiff)} |`;
}

/** Training ends in other digits on other processors, so only a wide bound is told. */
function bound(difference = 0): string {
  const limit = [1e-5, 1e-2].find((step) => difference <= step);
  return limit === undefined ? 'more than 1e-2' : `≤ ${limit.toExponential()}`;
}
