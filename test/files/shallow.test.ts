import { describe, expect, it } from 'vitest';
import { mustBeShallow } from '../../src/files/shallow.js';

describe('text that nests deeply', () => {
  it.each([
    ['brackets', '['.repeat(101)],
    ['braces over lines', '{\n'.repeat(101)],
    ['brackets that some before did not open', `]]]]${'{a: ['.repeat(51)}`],
    ['dashes in a line', `${'- '.repeat(101)}x`],
    ['keys of their own', `${'? '.repeat(101)}x`],
    ['indentation', Array.from({ length: 101 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
  ])('is refused: %s', (_, text) => {
    expect(() => mustBeShallow(text)).toThrow('it nests more than 100 deep');
  });

  it.each([
    ['a list as long as it wants', '- [a, {b: c}]\n'.repeat(5000)],
    ['levels that open and close again', 'a:\n  b:\n    - c\n'.repeat(5000)],
    ['a hundred levels', Array.from({ length: 100 }, (_, at) => `${' '.repeat(at)}a:`).join('\n')],
    ['one deep indentation', `a:\n${' '.repeat(500)}b: 1`],
    ['nothing', ''],
  ])('is not: %s', (_, text) => {
    expect(() => mustBeShallow(text)).not.toThrow();
  });
});
