import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokens } from '../../sql/tokens.js';
import { DIALECT_IDS, type DialectId, placeOf, scriptTexts, statementTexts } from './statement-texts.js';

const KINDS = {
  statements: (dialect: DialectId) => statementTexts(placeOf(dialect)),
  scripts: (dialect: DialectId) => scriptTexts(placeOf(dialect)),
};

const written = (texts: Record<string, string>) =>
  Object.entries(texts)
    .map(([title, sql]) => `/* ${title} */\n${sql.trimEnd()}\n`)
    .join('\n');

describe.each(Object.entries(KINDS))('the %s', (kind, textsFor) => {
  const edge = textsFor('sql-edge');

  test('for SQL Edge are these', async () => {
    await expect(written(edge)).toMatchFileSnapshot(`snapshots/sql-edge.${kind}.sql`);
  });

  test.each(['sql-edge-1', 'sql-server'] as const)('for %s are the same', (dialect) => {
    expect(textsFor(dialect)).toEqual(edge);
  });

  test('for Synapse have the same titles, and differ in these', async () => {
    const synapse = textsFor('synapse');
    expect(Object.keys(synapse)).toEqual(Object.keys(edge));
    const others = Object.entries(synapse).filter(([title, sql]) => sql !== edge[title]);
    await expect(written(Object.fromEntries(others))).toMatchFileSnapshot(`snapshots/synapse.${kind}.sql`);
  });
});

test('no dialect is left out', () => {
  expect([...DIALECT_IDS].sort()).toEqual(['sql-edge', 'sql-edge-1', 'sql-server', 'synapse']);
});

describe.each(DIALECT_IDS)('for %s', (dialect) => {
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
