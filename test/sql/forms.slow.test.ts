import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canParseTsql, parseTsql } from '../support/tsql-grammar/parse-tsql.js';
import { subject } from './churn.js';
import { forms, type Subject } from './forms.js';
import { nasty, renamed } from './renamed.js';

describe.skipIf(!canParseTsql)('grammars that are not ours', () => {
  test('take every form', async () => {
    expect(await problems([subject])).toEqual([]);
  });

  test('take every form with names and values that do their worst', async () => {
    expect(await problems(fc.sample(nasty, 5).map(renamed))).toEqual([]);
  });
});

async function problems(subjects: Subject[]): Promise<string[]> {
  const texts = subjects.flatMap((each) => Object.entries(forms(each)));
  const verdicts = await parseTsql(texts.map(([, text]) => text));
  return texts.flatMap(([form, text], index) => {
    const found = verdicts[index]?.problems ?? ['no verdict'];
    return found.map((problem) => `${form}: ${problem}\n${text}`);
  });
}
