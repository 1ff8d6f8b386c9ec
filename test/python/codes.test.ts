import { beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODES, NEXT_STEPS } from '../../src/errors.js';
import { readSources } from './sources.js';

interface Raised {
  place: string;
  codes: string[];
  next: string[];
}

describe('errors that converters raise', () => {
  let raised: Raised[];
  beforeAll(async () => {
    raised = [...(await readSources())].flatMap(([file, { errors }]) =>
      errors.map(({ line, codes, next }) => ({ place: `${file}:${line}`, codes, next })),
    );
  });

  it('have a code that stands there as text', () => {
    expect(raised.length).toBeGreaterThan(100);
    expect(raised.some(({ codes }) => codes.includes('DISK_FULL'))).toBe(true);
    expect(raised.filter(({ codes }) => codes.length === 0).map(({ place }) => place)).toEqual([]);
  });

  it('have codes of the one list', () => {
    const unknown = raised.filter(({ codes }) => codes.some((code) => !ERROR_CODES.some((each) => each === code)));
    expect(unknown).toEqual([]);
  });

  it('name every next step that there is, and no other', () => {
    expect(new Set(raised.flatMap(({ next }) => next))).toEqual(new Set(NEXT_STEPS));
  });
});
