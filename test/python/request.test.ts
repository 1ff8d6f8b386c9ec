import { expect, it } from 'vitest';
import type { ConverterRequest, GivenInput } from '../../src/converters/request.js';
import { readSources } from './sources.js';

/** The compiler sees to it that these are all fields of the types, and no others. */
const REQUEST = {
  action: true,
  converter: true,
  path: true,
  format: true,
  savedBy: true,
  work: true,
  trusted: true,
  opsets: true,
  ir: true,
  precision: true,
  wide: true,
  columns: true,
  sample: true,
  syntheticRows: true,
  inputs: true,
  outputs: true,
  factory: true,
  signature: true,
  tag: true,
  imageSize: true,
  road: true,
  probeRows: true,
  seed: true,
} satisfies Record<keyof ConverterRequest, true>;
const INPUT = { name: true, dtype: true, shape: true } satisfies Record<keyof GivenInput, true>;
const FACTORY = { module: true, function: true, folders: true } satisfies Record<
  keyof NonNullable<ConverterRequest['factory']>,
  true
>;

it('a request has the same fields in Python as here', async () => {
  const sources = await readSources(undefined, ['python/predictable_facts']);
  const { dictionaries } = sources.get('python/predictable_facts/request.py')!;
  expect(dictionaries).toEqual({
    Request: Object.keys(REQUEST),
    GivenInput: Object.keys(INPUT),
    Factory: Object.keys(FACTORY),
  });
});
