import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commentText, parseName, quoteIdentifier, quoteName, quoteText } from '../../src/sql/quote.js';
import { tokens } from './tokens.js';

const nasty = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc
    .array(fc.constantFrom("'", ']', '[', '"', '\\', '\n', '\r\n', '--', '/*', ';', ' ', 'å', '😀', 'a', '.', '|'), {
      minLength: 1,
      maxLength: 12,
    })
    .map((parts) => parts.join('')),
);

test('a quoted name is one name, and reads back as it was', () => {
  fc.assert(
    fc.property(nasty, (name) => {
      expect(tokens(quoteIdentifier(name))).toEqual([{ kind: 'name', value: name }]);
      expect(parseName(quoteIdentifier(name))).toEqual([name]);
    }),
  );
});

test('a name of several parts reads back as it was', () => {
  fc.assert(
    fc.property(fc.array(nasty, { minLength: 1, maxLength: 4 }), (parts) => {
      expect(parseName(quoteName(parts))).toEqual(parts);
    }),
  );
});

test('a quoted text is nothing but text, and reads back as it was', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const found = tokens(quoteText(text)).filter(({ value, kind }) => kind !== 'other' || value !== '+');
      expect(found.every(({ kind }) => kind === 'text')).toBe(true);
      expect(found.map(({ value }) => value).join('')).toBe(text);
    }),
  );
});

test('text in a comment stays in its line', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(tokens(`-- ${commentText(text)}\nSELECT`).map(({ kind }) => kind)).toEqual(['comment', 'other']);
    }),
  );
});

test('reads names as T-SQL writes them', () => {
  expect(parseName('features')).toEqual(['features']);
  expect(parseName('dbo.features')).toEqual(['dbo', 'features']);
  expect(parseName(' [my db] . dbo."a""b" ')).toEqual(['my db', 'dbo', 'a"b']);
  expect(parseName('[a]]b.c]')).toEqual(['a]b.c']);
  for (const bad of ['', 'a b', 'a;b c', "a'", '[a', 'a..', 'x; DROP TABLE y']) {
    expect(() => parseName(bad)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  }
});

test('spells out a NUL, and refuses names that no column has', () => {
  expect(quoteText('a\0b')).toBe("N'a' + NCHAR(0) + N'b'");
  for (const name of ['', 'x'.repeat(129), 'a\0']) {
    expect(() => quoteIdentifier(name)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  }
});
