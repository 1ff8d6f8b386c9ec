import { expect, it } from 'vitest';
import { adviceOf, difference, duration, plural, size } from '../../../src/report/page/text.js';
import { visible } from '../../../src/report/page/visible.js';

it('writes figures as people read them', () => {
  expect([0, 0.00002798, 0.05, 1.5, 123456].map(difference)).toEqual(['0', '2.8e-5', '0.050', '1.5', '1.2e+5']);
  expect([35, 999.6, 3400, 59_990, 372_000, 7_500_000].map(duration)).toEqual([
    ...['35 ms', '1000 ms', '3.4 s', '1 min 0 s', '6 min 12 s', '2 h 5 min'],
  ]);
  expect([17, 1779, 421_888].map(size)).toEqual(['17 B', '1.7 KB', '412 KB']);
  expect(plural(1, 'model')).toBe('1 model');
  expect(plural(1234, 'model')).toBe('1,234 models');
});

it('spells out characters that would turn or hide others', () => {
  expect(visible('a\u202eb\u0000c\u200bd')).toBe('a\\u202eb\\u0000c\\u200bd');
  expect(visible('Malmö ✓ 東京 🐧\n\tתל אביב')).toBe('Malmö ✓ 東京 🐧\n\tתל אביב');
});

it('says what to do about several failures: what most of them need', () => {
  expect(adviceOf(['Check the path.\nOr not.'])).toBe('Check the path.');
  expect(adviceOf(['Vouch for it:\n  predictable trust models/'])).toBe('Vouch for it: predictable trust models/');
  expect(adviceOf(['a', 'b', undefined, 'b'])).toBe('b (and 1 other hint)');
  expect(adviceOf([undefined])).toBe('');
});
