/** Names and text as T-SQL writes them, so that nothing in them can end the name or the text. */

import { PredictableError } from '../errors.js';

/** SQL Server's longest identifier, in UTF-16 units. */
export const LONGEST_IDENTIFIER = 128;

/** `a]b` → `[a]]b]`. Throws USAGE for a name that no column or table can have. */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.length > LONGEST_IDENTIFIER || name.includes('\0')) {
    throw new PredictableError('USAGE', `${JSON.stringify(name)} cannot be a name in T-SQL`, {
      hint: `Names have 1 to ${LONGEST_IDENTIFIER} characters. Rename the column before training, or use --map.`,
    });
  }
  return `[${name.replaceAll(']', ']]')}]`;
}

/**
 * `it's` → `N'it''s'`. Line breaks and NUL are spelled out (`N'a' + NCHAR(10) + N'b'`): an editor or git would change
 * them in a file, a backslash before one makes T-SQL drop both, and a line that reads GO ends a client's batch.
 */
export function quoteText(text: string): string {
  const parts = text.split(/([\0\r\n])/).filter((part) => part !== '');
  if (parts.length <= 1 && !SPELLED.test(text)) return literal(text);
  const joined = parts.map((part) => (SPELLED.test(part) ? `NCHAR(${part.charCodeAt(0)})` : literal(part))).join(' + ');
  // A sum of short texts ends at 4,000 characters without a word, unless its first is of type max.
  return text.length > LONGEST_SUM ? `CAST(N'' AS nvarchar(max)) + ${joined}` : joined;
}

const SPELLED = /^[\0\r\n]$/;
const LONGEST_SUM = 4000;

/** A statement for EXEC, which takes literals and `+` but no NCHAR. Only names in it can have line breaks. */
export function quoteStatement(text: string): string {
  return text
    .split(/(?<=\\)(?=[\r\n])|(?<=[\r\n]\s*)(?=GO\b)/i)
    .map(literal)
    .join(' + ');
}

/** Text in one line of a comment: line breaks and other control characters are spelled out. */
export function commentText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Cf}\p{Cs}]/gu, (character) => {
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}

/** The parts of a name such as `dbo.features`, `[my db].[dbo].[a]]b]` or `"x"."y"`. Throws USAGE when it is none. */
export function parseName(text: string): string[] {
  const parts: string[] = [];
  const part = /\s*(?:\[((?:[^\]]|\]\])+)\]|"((?:[^"]|"")+)"|([^\s[\]".']+))\s*(\.|$)/y;
  for (;;) {
    const match = part.exec(text);
    if (match === null) break;
    const [, bracketed, quoted, plain, end] = match;
    parts.push(bracketed?.replaceAll(']]', ']') ?? quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '') return parts;
  }
  throw new PredictableError('USAGE', `${JSON.stringify(text)} is not the name of a table`, {
    hint: 'Write it as in T-SQL: features, dbo.features or [my schema].[my table].',
  });
}

/** `dbo.features` → `[dbo].[features]`. */
export function quoteName(parts: readonly string[]): string {
  return parts.map(quoteIdentifier).join('.');
}

function literal(text: string): string {
  return `N'${text.replaceAll("'", "''")}'`;
}
