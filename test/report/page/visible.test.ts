import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inLine, jsonForReaders, withoutCommands } from '../../../src/report/page/visible.js';

it('spells out what is not seen, and a name’s line breaks', () => {
  expect(inLine('a\u00adb\u{e0041}c\u3164d\ne')).toBe('a\\u00adb\\u{e0041}c\\u3164d\\u000ae');
});

it.each([
  ['##vso[task.complete]', '# #vso[task.complete]'],
  ['####vso[a]', '### #vso[a]'],
  ['x ##[error]y', 'x # #[error]y'],
  ['##teamcity[x]', '# #teamcity[x]'],
  ['  ::add-mask::x\n:::error::y', '  : :add-mask::x\n: : :error::y'],
  ['oven ::set-output name=a::b', 'oven : :set-output name=a::b'],
])('breaks the command of %j', (text, broken) => {
  expect(withoutCommands(text)).toBe(broken);
});

it.each(['aten::add', 'std::vector', '##features', '# a', 'a[1]'])('leaves %j alone', (text) => {
  expect(withoutCommands(text)).toBe(text);
});

it('writes any value as JSON that reads as the same', () => {
  const text = fc.string({
    unit: fc.constantFrom('#', ':', 'a', '[', '\u202e', '\n', '"', '\\', '\ud800', '\u{e0041}'),
  });
  fc.assert(
    fc.property(fc.dictionary(text, text), (value) => {
      const json = jsonForReaders(value, 2);
      expect(JSON.parse(json)).toEqual(value);
      expect(json).not.toMatch(/##|::|\u202e/);
    }),
  );
});
