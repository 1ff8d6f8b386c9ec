import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  commentText,
  parseName,
  quoteIdentifier,
  quoteName,
  quoteStatement,
  quoteText,
} from '../../src/server/names.js';
import { tokens } from '../sql/tokens.js';

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

/** What a server makes of a sum of texts and NCHARs; anything else in it is an error. */
function readBack(sql: string): string {
  const part = /CAST\(N'' AS nvarchar\(max\)\)|N'((?:[^']|'')*)'|NCHAR\((\d+)\)| \+ |([\s\S])/g;
  return sql.replaceAll(part, (_, text, code, other) => {
    if (other !== undefined) throw new Error(`${other} stands outside of the text`);
    return text?.replaceAll("''", "'") ?? (code === undefined ? '' : String.fromCharCode(code));
  });
}

test('a quoted text is nothing but text in one line, and reads back as it was', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      expect(readBack(quoteText(text))).toBe(text);
      expect(quoteText(text)).not.toMatch(/[\r\n\0]/);
    }),
  );
});

test('a long text with line breaks is not cut off at 4,000 characters', () => {
  const text = `${'x'.repeat(3000)}\n${'y'.repeat(3000)}`;
  expect(quoteText(text)).toMatch(/^CAST\(N'' AS nvarchar\(max\)\) \+ N'x/);
  expect(readBack(quoteText(text))).toBe(text);
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

test('a statement for EXEC is literals alone, none of which has a line that reads GO', () => {
  fc.assert(
    fc.property(nasty, (name) => {
      const statement = `CREATE PROCEDURE ${quoteIdentifier(name)} AS SELECT 'it''s';`;
      const found = tokens(quoteStatement(statement));
      expect(found.filter(({ kind, value }) => kind !== 'text' && value !== '+')).toEqual([]);
      expect(found.flatMap(({ kind, value }) => (kind === 'text' ? [value] : [])).join('')).toBe(statement);
    }),
  );
  expect(quoteStatement('[a\nGO\nb\\\nc]')).toBe("N'[a\n' + N'GO\nb\\' + N'\nc]'");
});
