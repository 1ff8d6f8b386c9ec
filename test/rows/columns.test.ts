import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance, findName, missingColumns, nearestNames } from '../../src/rows/columns.js';

test('a name is found exactly, then ignoring case if only one fits', () => {
  expect(findName(['age', 'AGE'], 'AGE')).toBe('AGE');
  expect(findName(['Age', 'city'], 'AGE')).toBe('Age');
  expect(findName(['Age', 'aGe'], 'AGE')).toBeUndefined();
  expect(findName(['city'], 'age')).toBeUndefined();
});

test('suggests what may have been meant', () => {
  expect(nearestNames(['sepal_length', 'petal_length', 'id'], 'sepal_lenght')[0]).toBe('sepal_length');
  expect(nearestNames(['sepal length (cm)', 'id'], 'sepal_length_cm_')).toEqual(['sepal length (cm)']);
  expect(nearestNames(['id', 'city'], 'age')).toEqual([]);
});

test('the error lists what was looked for, what there is and what is near', () => {
  const error = missingColumns('rows.csv', ['agee', 'zzz'], ['age', 'city']);
  expect(error.message).toBe('rows.csv has no columns agee (did you mean age?), zzz');
  expect(error.hint).toBe('It has: age, city.');
  expect(error.details).toMatchObject({ missing: ['agee', 'zzz'], found: ['age', 'city'] });
});

test('edit distance is a metric', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), fc.string({ maxLength: 8 }), (a, b, c) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
      expect(editDistance(a, c)).toBeLessThanOrEqual(editDistance(a, b) + editDistance(b, c));
    }),
  );
});
