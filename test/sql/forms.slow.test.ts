import { expect, test } from 'vitest';
import { canParseTsql, parseTsql } from '../support/tsql-grammar/parse-tsql.js';
import { subject } from './churn.js';
import { forms } from './forms.js';

test.skipIf(!canParseTsql)('grammars that are not ours take every form', async () => {
  const texts = Object.entries(forms(subject));
  const verdicts = await parseTsql(texts.map(([, text]) => text));
  const problems = texts.flatMap(([form], index) => verdicts[index]?.problems.map((problem) => `${form}: ${problem}`));
  expect(problems).toEqual([]);
});
