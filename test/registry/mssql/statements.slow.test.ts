/** Grammars that are not ours read every statement and every script. */

import { describe, expect, test } from 'vitest';
import { canParseTsql, parseTsql } from '../../support/tsql-grammar/parse-tsql.js';
import { DIALECT_IDS, placeOf, scriptTexts, statementTexts } from './statement-texts.js';

describe.skipIf(!canParseTsql)('T-SQL by two grammars (they run on Linux x64 only)', () => {
  test.each(DIALECT_IDS)('all of %s is right', async (dialect) => {
    const odd = placeOf(dialect, 'my schema', "it's [odd]");
    const texts = {
      ...statementTexts(placeOf(dialect)),
      ...scriptTexts(placeOf(dialect)),
      ...prefixed('odd ', { ...statementTexts(odd), ...scriptTexts(odd, "o'brien]];DROP TABLE x--", "a'b") }),
    };
    const results = await parseTsql(Object.values(texts));
    const problems = Object.keys(texts).flatMap((title, index) =>
      (results[index]?.problems ?? ['no answer']).map((problem) => `${title}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });
});

function prefixed(prefix: string, texts: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([title, sql]) => [`${prefix}${title}`, sql]));
}
