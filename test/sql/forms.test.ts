import { expect, test } from 'vitest';
import { churn, subject } from './churn.js';
import { forms } from './forms.js';
import { tokens } from './tokens.js';

const texts = Object.entries(forms(subject));

test.each(texts)('%s is this text', async (form, text) => {
  await expect(text).toMatchFileSnapshot(`texts/${form}.sql`);
});

test('the same input gives the same text', () => {
  expect(Object.entries(forms(subject))).toEqual(texts);
});

test.each(texts)('%s has nothing that an engine lacks, and a semicolon before each THROW', (_, text) => {
  const code = tokens(text)
    .filter(({ kind }) => kind === 'other')
    .map(({ value }) => value)
    .join(' ');
  expect(code).not.toMatch(/CREATE OR ALTER|DISTINCT FROM|DATETRUNC|MERGE|RETURN/i);
  expect(code.match(/THROW/g) ?? []).toHaveLength(code.match(/; THROW/g)?.length ?? 0);
});

test('a procedure that follows an alias has no code and no version in it', () => {
  const { 'procedure-alias': text = '' } = forms(subject);
  const later = forms({ ...subject, plain: { ...churn, version: 4, sha256: 'cd'.repeat(32) } })['procedure-alias'];
  expect(later).toBe(text);
  expect(text).not.toContain('Lund');
  expect(text).not.toContain("y''es");
});
