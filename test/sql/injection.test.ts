import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseName, quoteIdentifier, quoteName } from '../../src/server/names.js';
import { churn, signature, subject } from './churn.js';
import { forms } from './forms.js';
import { nasty, renamed } from './renamed.js';
import { tokens } from './tokens.js';

/** What a server sees, names and texts aside. A text of several literals and spelled line breaks is one. */
function skeleton(sql: string): string {
  return tokens(sql)
    .map(({ kind, value }) => (kind === 'other' ? value : kind))
    .join(' ')
    .replaceAll(/NCHAR \( \d+ \)/g, 'text')
    .replaceAll(/text(?: \+ text)+/g, 'text');
}

/** The texts that are executed, with their quotes undone. */
function executed(sql: string): string[] {
  const found: string[] = [];
  const all = tokens(sql);
  for (const [index, { value }] of all.entries()) {
    if (value !== 'EXEC') continue;
    const end = all.findIndex((token, at) => at > index && token.kind === 'other' && token.value === ')');
    const inner = all.slice(index + 2, end).filter(({ kind }) => kind === 'text');
    found.push(inner.map((token) => token.value).join(''));
  }
  return found;
}

const plain = forms(renamed(''));

test('no name and no value gets out of its quotes, in any form and any place', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      for (const [form, sql] of Object.entries(forms(renamed(text)))) {
        expect(skeleton(sql), form).toBe(skeleton(plain[form] ?? ''));
        expect(executed(sql).map(skeleton), form).toEqual(executed(plain[form] ?? '').map(skeleton));
      }
    }),
    { numRuns: 60 },
  );
});

test('what is executed names what the batch names, its quotes undone', () => {
  fc.assert(
    fc.property(nasty, (text) => {
      const sql = forms(renamed(text)).procedure ?? '';
      const [inner = ''] = executed(sql);
      const name = quoteName([`ml${text}`.replaceAll('\0', ''), `score_churn${text}`.replaceAll('\0', '')]);
      expect(inner.startsWith(`CREATE PROCEDURE ${name} AS `)).toBe(true);
      expect(sql).toContain(`\nALTER PROCEDURE ${name}\nAS\n`);
    }),
    { numRuns: 60 },
  );
});

test('names have up to 128 characters, all of which may be brackets', () => {
  const longest = ']'.repeat(128);
  const long = { ...renamed(''), object: quoteName([longest, longest]), into: quoteName([longest, longest]) };
  const model = { inputs: signature.inputs.map((input, index) => ({ ...input, name: named(index) })), outputs: [] };
  const outputs = signature.outputs.map((output, index) => ({ ...output, name: named(index) }));
  const options = { ...long.plain, map: {}, keys: [named(0)], signature: { ...model, outputs } };
  const texts = forms({ ...long, plain: options, wide: options, checked: options });
  for (const sql of Object.values(texts)) expect(sql).toContain(quoteIdentifier(named(0)));
  // A name that is taken gives way without growing beyond what T-SQL takes.
  expect(tokens(texts.script ?? '').every(({ kind, value }) => kind !== 'name' || value.length <= 128)).toBe(true);
  expect(parseName(long.into)).toEqual([longest, longest]);
});

test('a line that reads GO ends no batch: in a value it is taken apart, in a name it is refused', () => {
  const values = (text: string) => ({
    ...signature,
    inputs: signature.inputs.map((input) => (input.categories ? { ...input, categories: [text] } : input)),
  });
  for (const line of ['a\nGO\nb', 'a\r\n go 5\r\n', '\nGO']) {
    const value = { ...subject, plain: { ...churn, signature: values(line) } };
    const { procedure = '' } = forms(value);
    expect(procedure.match(/^\s*GO\b/gim)).toHaveLength(3);
    const name = { ...subject, plain: { ...churn, keys: [line] } };
    expect(() => forms(name)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  }
});

function named(index: number): string {
  return `${String(index)}${'x'.repeat(127)}`;
}
