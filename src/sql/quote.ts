/** Names and text as T-SQL writes them, so that nothing in them can end the name or the text. */

import { PredictableError } from '../errors.js';

/** SQL Server's longest identifier, in UTF-16 units. */
const LONGEST_IDENTIFIER = 128;

/** `a]b` → `[a]]b]`. Throws USAGE for a name that no column or table can have. */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.length > LONGEST_IDENTIFIER || name.includes('\0')) {
    throw new PredictableError('USAGE', `${JSON.stringify(name)} cannot be a name in T-SQL`, {
      hint: `Names have 1 to ${LONGEST_IDENTIFIER} characters. Rename the column before training, or use --map.`,
    });
  }
  return `[${name.replaceAll(']', ']]')}]`;
}

/** `it's` → `N'it''s'`; several literals joined by + where one could not hold the text. */
export function quoteText(text: string): string {
  return (
    text
      // A backslash before a line break would make T-SQL drop both.
      .split(/(?<=\\)(?=[\r\n])/)
      .map((part) => part.split('\0').map(literal).join(' + NCHAR(0) + '))
      .join(' + ')
  );
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
