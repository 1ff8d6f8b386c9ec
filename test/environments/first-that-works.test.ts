import { describe, expect, it } from 'vitest';
import type { ConverterEnvironment } from '../../src/converters/manifest.js';
import { inNearest } from '../../src/environments/first-that-works.js';
import { type ErrorCode, type NextStep, PredictableError } from '../../src/errors.js';

const environment = (name: string): ConverterEnvironment => ({
  name,
  lock: 'requirements.lock',
  python: { min: '3.11', max: '3.13' },
  sourceOnly: [],
});
const ALL: [ConverterEnvironment, ...ConverterEnvironment[]] = [
  environment('a'),
  environment('b'),
  environment('c'),
  environment('d'),
  environment('e'),
];

const error = (code: ErrorCode, name: string, next?: NextStep) =>
  new PredictableError(code, `failed in ${name}`, { hint: 'a hint', next });
const version = (name: string) => error('UNSUPPORTED_MODEL', name, 'other-environment');

/** Works as each environment is told to, and writes down where it was. */
async function run(outcomes: Record<string, PredictableError | string>) {
  const tried: string[] = [];
  const result = await inNearest(ALL, async ({ name }) => {
    tried.push(name);
    const outcome = outcomes[name] ?? name;
    if (outcome instanceof PredictableError) throw outcome;
    return outcome;
  }).catch((thrown: unknown) => thrown);
  return { tried, result };
}

describe('working in the nearest environment that can', () => {
  it('is done in the first when nothing is wrong', async () => {
    expect(await run({})).toEqual({ tried: ['a'], result: 'a' });
  });

  it('goes on when the versions do not fit, or its Python is missing', async () => {
    expect(await run({ a: version('a'), b: error('PYTHON_NOT_FOUND', 'b') })).toEqual({
      tried: ['a', 'b', 'c'],
      result: 'c',
    });
  });

  it('ends with any other error, from wherever', async () => {
    const refused = error('UNSUPPORTED_MODEL', 'b');
    expect(await run({ a: version('a'), b: refused })).toEqual({ tried: ['a', 'b'], result: refused });
    const failed = error('ENVIRONMENT_FAILED', 'a');
    expect(await run({ a: failed })).toEqual({ tried: ['a'], result: failed });
  });

  it('gives up after three that had to be built, and says what the nearest said', async () => {
    const outcomes = { a: version('a'), b: version('b'), c: version('c'), d: version('d'), e: version('e') };
    const { tried, result } = await run(outcomes);
    expect(tried).toEqual(['a', 'b', 'c']);
    expect(result).toMatchObject({
      code: 'UNSUPPORTED_MODEL',
      message: 'failed in a',
      hint: 'a hint',
      details: { tried: ['a', 'b', 'c'] },
      next: 'other-environment',
    });
  });

  it('does not count those whose Python is missing', async () => {
    const missing = (name: string) => error('PYTHON_NOT_FOUND', name);
    const { result } = await run({ a: missing('a'), b: missing('b'), c: missing('c'), d: missing('d') });
    expect(result).toBe('e');
  });
});
