import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokens } from '../../sql/tokens.js';
import { DIALECT_IDS, placeOf, scriptTexts, statementTexts } from './statement-texts.js';

describe.each(DIALECT_IDS)('for %s', (dialect) => {
  const written = (texts: Record<string, string>) =>
    Object.entries(texts)
      .map(([title, sql]) => `/* ${title} */\n${sql.trimEnd()}\n`)
      .join('\n');

  test('the statements are these', async () => {
    await expect(written(statementTexts(placeOf(dialect)))).toMatchFileSnapshot(`snapshots/${dialect}.statements.sql`);
  });

  test('the scripts are these', async () => {
    await expect(written(scriptTexts(placeOf(dialect)))).toMatchFileSnapshot(`snapshots/${dialect}.scripts.sql`);
  });

  test('nothing in them is missing from an engine of the family', () => {
    const all = Object.values({ ...statementTexts(placeOf(dialect)), ...scriptTexts(placeOf(dialect)) }).join('\n');
    expect(all).not.toMatch(
      /\bMERGE\b|CREATE OR ALTER|IS (NOT )?DISTINCT FROM|DATETRUNC|STRING_AGG|DROP \w+ IF EXISTS/i,
    );
    if (dialect === 'synapse') expect(all).not.toMatch(/PRIMARY KEY \(|ORIGINAL_LOGIN/);
  });
});

/** Text of any kind; names have no control characters: models', aliases', schemas' and tables' are refused with them. */
const odd = [
  "'",
  ']',
  '[',
  '"',
  '\\',
  '--',
  '/*',
  '*/',
  ';',
  ' ',
  'å',
  '😀',
  'x',
  ']];DROP TABLE t',
  "'); --",
  'x'.repeat(50),
];
const nastyName = fc.array(fc.constantFrom(...odd), { minLength: 1, maxLength: 2 }).map((parts) => parts.join(''));
const nastyText = fc
  .array(fc.constantFrom(...odd, '\n', '\r\n', '\nGO\n', '\0', '\\\n'), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join(''));

test('a name is one name and a text one text, whatever they hold, and the rest stays as it is', () => {
  // A text with line breaks is a sum of texts.
  const skeleton = (sql: string) =>
    tokens(sql)
      .map(({ kind, value }) => (kind === 'other' ? value : kind))
      .join(' ')
      .replaceAll(/NCHAR \( \d+ \)/g, 'text')
      .replaceAll(/text(?: \+ text)+/g, 'text');
  const batches = (sql: string) => sql.split(/^\s*GO\s*$/im).length;
  const scripts = (name: string, text: string) =>
    scriptTexts(placeOf('sql-edge', `s${name}`, `t${name}`), `n${name}`, `a${name}`, {
      description: `d${text}`,
      signature: {
        inputs: [{ ...CATEGORY, name: `i${text}`, categories: [`c${text}`] }],
        outputs: [{ ...LABEL, name: `o${text}`, labels: [`l${text}`] }],
      },
    });
  const plain = scripts('', '');
  fc.assert(
    fc.property(nastyName, nastyText, (name, text) => {
      for (const [title, sql] of Object.entries(scripts(name, text))) {
        expect(skeleton(sql), title).toBe(skeleton(plain[title] ?? ''));
        expect(batches(sql), title).toBe(batches(plain[title] ?? ''));
      }
    }),
    { numRuns: 60 },
  );
});

const CATEGORY = { type: 'int64', sqlType: 'bigint', nulls: 'error', unknown: 'zeros' } as const;
const LABEL = { type: 'int64', sqlType: 'bigint', role: 'label' } as const;
