import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatReference, parseReference } from '../../src/registry/reference.js';

test('reads the three forms', () => {
  expect(parseReference('iris')).toEqual({ name: 'iris' });
  expect(parseReference('iris@3')).toEqual({ name: 'iris', version: 3 });
  expect(parseReference('iris@production')).toEqual({ name: 'iris', alias: 'production' });
});

test.each(['', '@3', 'iris@', 'iris@0', 'iris@a@b', ' iris', 'iris@99999999999999999999'])('refuses %j', (text) => {
  expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: 'USAGE' }));
});

test('reads back what it writes', () => {
  const word = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => /^[^@\s\p{Cc}]+$/u.test(text));
  const reference = fc.oneof(
    fc.record({ name: word }),
    fc.record({ name: word, version: fc.integer({ min: 1 }) }),
    fc.record({ name: word, alias: word.filter((text) => !/^\d+$/.test(text)) }),
  );
  fc.assert(
    fc.property(reference, (value) => {
      expect(parseReference(formatReference(value))).toEqual(value);
    }),
  );
});
