import { describe, expect, it } from 'vitest';
import type { ColumnFacts } from '../../../src/converters/answer.js';
import { decodeModel } from '../../../src/graph/codec/codec.js';
import { int64Tensor, ints, string, strings, utf8 } from '../../../src/graph/codec/tensors.js';
import { inspect } from '../../../src/graph/inspect.js';
import { normalize } from '../../../src/graph/normalize.js';
import type { NormalizeOptions } from '../../../src/graph/normalize-options.js';
import { TARGETS } from '../../../src/targets/targets.js';
import { bytes, ml, named, node, value } from '../build.js';
import { columnFeeds, type Feed, fixture, RUNTIME_NAMES, runGraph } from '../run.js';

const target = TARGETS['sql-edge'];
const NAMES = ['age', 'fare', 'city', 'sex'];

const ROWS = {
  age: [20, 30, 40, 50, 60, 44, 46],
  fare: [5, 50, 10, 20, 30, 40, 1],
  city: ['Lund', 'Malmö', 'Århus', 'Lund', 'Århus', 'Malmö', 'Lund'],
  sex: ['m', 'f', 'm', 'f', 'f', 'm', 'm'],
};

/** What the raw graph predicts, with text in. */
async function rawPredictions(name: string, rows: Record<string, (string | number)[]>, runtime: '1.30.0' | '1.12.1') {
  const feeds = Object.entries(rows).map(([column, values]): [string, Feed] => [
    column,
    { type: typeof values[0] === 'string' ? 'string' : 'float', dims: [values.length, 1], values: values as string[] },
  ]);
  const { label, probabilities } = await runGraph(fixture(name), Object.fromEntries(feeds), runtime);
  return { labels: label?.values, second: probabilities?.values.filter((_, index) => index % 2 === 1) };
}

async function predictions(
  name: string,
  options: Partial<NormalizeOptions>,
  rows: Record<string, (string | number | null)[]>,
  runtime: '1.30.0' | '1.12.1',
) {
  const { bytes: columnar, signature } = await normalize(fixture(name), { target, ...options });
  const result = await runGraph(columnar, columnFeeds(signature, rows), runtime);
  const [label, , second] = signature.outputs;
  const labels = result[label?.name ?? '']?.values.map((code) => label?.labels?.[Number(code)]);
  return { labels, second: result[second?.name ?? '']?.values };
}

function facts(overrides: Record<string, Partial<ColumnFacts>>): NonNullable<NormalizeOptions['facts']> {
  return {
    columns: NAMES.map((name): ColumnFacts => {
      const isText = name === 'city' || name === 'sex';
      return {
        name,
        kind: isText ? 'category' : 'number',
        type: isText ? 'int64' : 'float',
        acceptsMissing: false,
        ...overrides[name],
      };
    }),
    inputs: NAMES.map((name) => ({ tensor: name, columns: [name] })),
    outputs: [
      { tensor: 'label', names: ['label'], role: 'label', labels: ['yes', 'no'] },
      { tensor: 'probabilities', names: ['probability_no', 'probability_yes'], role: 'probability' },
    ],
  };
}

function close(got: unknown[] | undefined, expected: unknown[] | undefined): void {
  expect(got?.length).toBe(expected?.length);
  for (const [index, one] of (expected ?? []).entries()) expect(Number(got?.[index])).toBeCloseTo(Number(one), 5);
}

describe('text', () => {
  for (const runtime of RUNTIME_NAMES) {
    it.each(['columns-onehot', 'columns-strict', 'columns-imputed', 'columns-ordinal'])(
      `%s predicts the same from codes in ${runtime}`,
      async (name) => {
        const expected = await rawPredictions(name, ROWS, runtime);
        const got = await predictions(name, {}, ROWS, runtime);
        expect(got.labels).toEqual(expected.labels);
        close(got.second, expected.second);
      },
    );

    it.each(['columns-onehot', 'columns-imputed', 'columns-ordinal'])(
      `%s treats an unseen category as the raw graph does in ${runtime}`,
      async (name) => {
        const unseen = { ...ROWS, city: ['Lund', 'Oslo', '', 'lund', 'Lund ', 'Malmö', 'f'] };
        // '' marks a missing value for the imputer: that is NULL_CODE here, not an unseen text.
        const coded =
          name === 'columns-imputed' ? { ...unseen, city: unseen.city.map((city) => city || null) } : unseen;
        const expected = await rawPredictions(name, unseen, runtime);
        const got = await predictions(name, {}, coded, runtime);
        expect(got.labels).toEqual(expected.labels);
        close(got.second, expected.second);
      },
    );
  }

  it('leaves no text in the graph', async () => {
    for (const name of ['columns-onehot', 'columns-strict', 'columns-imputed', 'columns-ordinal', 'iris-logistic']) {
      const columnNames = name.startsWith('iris') ? ['a', 'b', 'c', 'd'] : NAMES;
      const { bytes: columnar } = await normalize(fixture(name), { target, columnNames });
      const { graph } = decodeModel(columnar);
      const attributes = graph.nodes.flatMap(({ attributes }) => [...attributes.keys()]);
      expect(attributes.filter((key) => /strings/.test(key) && !/nodes_modes/.test(key))).toEqual([]);
      expect(graph.initializers.filter(({ type }) => type === 'string')).toEqual([]);
    }
  });

  it('takes dictionaries from the graph, each column its own', async () => {
    const { signature } = await normalize(fixture('columns-imputed'), { target });
    expect(signature.inputs.map(({ categories }) => categories)).toEqual([
      undefined,
      undefined,
      ['Lund', 'Malmö', 'Århus'],
      ['f', 'm'],
    ]);
  });

  it('takes the order of codes from the converter, and keeps the numbers', async () => {
    const cities = ['Århus', 'Visby', 'Lund', 'Malmö'];
    const given = facts({
      city: { categories: cities, missingText: '', acceptsMissing: true, unknown: 'zeros' },
      sex: { categories: ['m', 'f'], unknown: 'zeros' },
    });
    const { signature } = await normalize(fixture('columns-imputed'), { target, facts: given });
    expect(signature.inputs[2]).toMatchObject({
      type: 'int64',
      sqlType: 'bigint',
      categories: cities,
      nulls: 'nan',
      unknown: 'zeros',
    });
    expect(signature.inputs[3]).toMatchObject({ categories: ['m', 'f'], nulls: 'error', unknown: 'zeros' });
    expect(signature.outputs).toMatchObject([
      { name: 'label', role: 'label', labels: ['yes', 'no'], sqlType: 'bigint' },
      { name: 'probability_no', role: 'probability' },
      { name: 'probability_yes', role: 'probability' },
    ]);
    const expected = await rawPredictions(
      'columns-imputed',
      { ...ROWS, city: ['Lund', '', 'Visby', 'Malmö', '', 'Oslo', 'Århus'] },
      '1.12.1',
    );
    const got = await predictions(
      'columns-imputed',
      { facts: given },
      { ...ROWS, city: ['Lund', null, 'Visby', 'Malmö', null, 'Oslo', 'Århus'] },
      '1.12.1',
    );
    expect(got.labels).toEqual(expected.labels);
    close(got.second, expected.second);
  });

  it('keeps one unseen category from failing a batch, unless that is asked for', async () => {
    const unseen = { ...ROWS, city: ['Lund', 'Oslo', 'Århus', 'Lund', 'Århus', 'Malmö', 'Lund'] };
    const got = await predictions('columns-strict', {}, unseen, '1.12.1');
    expect(got.labels).toHaveLength(7);
    await expect(predictions('columns-strict', { onUnknown: 'error' }, unseen, '1.12.1')).rejects.toThrow();
    const { signature } = await normalize(fixture('columns-strict'), { target });
    expect(signature.inputs[2]?.unknown).toBe('null');
  });

  it('gives two columns in one table codes that do not clash', async () => {
    // Both columns go through one encoder, so 'b' must mean the same in both.
    const raw = bytes({
      inputs: [value('one', 'string', [null, 1]), value('two', 'string', [null, 1])],
      outputs: [value('y', 'int64', [null, 2])],
      nodes: [
        node('Concat', ['one', 'two'], ['both'], { axis: { type: 'int', value: 1 } }),
        ml('LabelEncoder', ['both'], ['y'], {
          keys_strings: strings(['a', 'b', 'c', '']),
          values_int64s: ints([10, 20, 30, 40]),
          default_int64: { type: 'int', value: -5 },
        }),
      ],
    });
    const column = (name: string, categories: string[], missingText: string | null): ColumnFacts => ({
      name,
      kind: 'category',
      type: 'int64',
      acceptsMissing: true,
      categories,
      missingText,
    });
    const given = {
      columns: [column('one', ['b', 'a'], null), column('two', ['c', 'b'], '')],
      inputs: [
        { tensor: 'one', columns: ['one'] },
        { tensor: 'two', columns: ['two'] },
      ],
      outputs: [{ tensor: 'y', names: ['y1', 'y2'], role: 'value' as const }],
    };
    const { bytes: columnar, signature } = await normalize(raw, { target, facts: given });
    for (const runtime of RUNTIME_NAMES) {
      const result = await runGraph(
        columnar,
        columnFeeds(signature, { one: ['a', 'b', null, 'x'], two: ['b', 'c', null, 'x'] }),
        runtime,
      );
      expect([result.y1?.values, result.y2?.values]).toEqual([
        [10, 20, -5, -5],
        [20, 30, 40, -5],
      ]);
    }
  });

  it('decodes at the input and encodes at the output where an operator needs the text itself', async () => {
    const raw = bytes({
      inputs: [value('word', 'string', [null, 1])],
      outputs: [value('label', 'string', [null, 1])],
      nodes: [
        node('Reshape', ['word', 'flat'], ['words']),
        node('StringNormalizer', ['words'], ['upper'], { case_change_action: string('UPPER'), locale: string('C') }),
        ml('LabelEncoder', ['upper'], ['l'], {
          keys_strings: strings(['JA', 'NEJ']),
          values_strings: strings(['yes', 'no']),
          default_string: string('?'),
        }),
        node('Reshape', ['l', 'column'], ['label']),
      ],
      initializers: [named('flat', int64Tensor([-1])), named('column', int64Tensor([-1, 1]))],
    });
    const given = {
      columns: [
        {
          name: 'word',
          kind: 'category' as const,
          type: 'int64' as const,
          acceptsMissing: false,
          categories: ['nej', 'ja'],
        },
      ],
      inputs: [{ tensor: 'word', columns: ['word'] }],
      outputs: [{ tensor: 'label', names: ['label'], role: 'label' as const, labels: ['yes', 'no', '?'] }],
    };
    const { bytes: columnar, signature, passes } = await normalize(raw, { target, facts: given });
    expect(passes.find(({ pass }) => pass === 'text')?.reason).toContain('StringNormalizer');
    const result = await runGraph(columnar, columnFeeds(signature, { word: ['ja', 'nej', 'hum'] }));
    expect(result.label?.values).toEqual([0, 1, 2]);
  });

  it('turns the labels of a lookup table into codes', async () => {
    const classes = {
      ...int64Tensor([0]),
      name: 'classes',
      type: 'string' as const,
      dims: [3],
      data: new Uint8Array(),
      strings: ['c', 'a', 'b'].map(utf8),
    };
    const raw = bytes({
      inputs: [value('x', 'float', [null, 3])],
      outputs: [value('label', 'string', [null])],
      nodes: [
        node('ArgMax', ['x'], ['best'], { axis: { type: 'int', value: 1 } }),
        ml('ArrayFeatureExtractor', ['classes', 'best'], ['picked']),
        node('Reshape', ['picked', 'flat'], ['label']),
      ],
      initializers: [classes, named('flat', int64Tensor([-1]))],
    });
    const { bytes: columnar, signature } = await normalize(raw, { target, columnNames: ['p', 'q', 'r'] });
    expect(signature.outputs).toMatchObject([{ name: 'label', labels: ['c', 'a', 'b'], type: 'int64' }]);
    const result = await runGraph(columnar, columnFeeds(signature, { p: [1, 0], q: [0, 0], r: [0, 1] }), '1.12.1');
    expect(result.label?.values).toEqual([0, 2]);
    expect(inspect(columnar).outputs).toEqual([{ name: 'label', type: 'int64', shape: ['N', 1] }]);
  });
});
