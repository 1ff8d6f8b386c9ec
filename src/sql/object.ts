/** Procedures and views: their names, and the batches that make them without taking grants away. */

import { z } from 'zod';
import { PredictableError } from '../errors.js';
import { LONGEST_IDENTIFIER, parseName, quoteName, quoteStatement, quoteText } from '../server/names.js';
import { WRITTEN_BY } from './head.js';
import { throwNow } from './throw.js';

/** What --apply makes, by its name in T-SQL. */
export const sqlObjectSchema = z.object({ kind: z.enum(['procedure', 'view', 'table']), name: z.string() });
export type SqlObject = z.infer<typeof sqlObjectSchema>;

/** `chosen`, or `score_<model>` in the registry's schema. Throws USAGE. */
export function objectName(chosen: string | undefined, schema: string, model: string): string {
  if (chosen !== undefined) {
    const parts = parseName(chosen);
    if (parts.length > 2) {
      throw new PredictableError('USAGE', `--object ${chosen} names another database`, {
        hint: 'A procedure or view is made in the database of the registry: write schema.name.',
      });
    }
    return quoteName(parts.length === 1 ? [schema, ...parts] : parts);
  }
  const name = `score_${model}`;
  if (name.length <= LONGEST_IDENTIFIER) return quoteName([schema, name]);
  throw new PredictableError(
    'USAGE',
    `${name} is longer than the ${LONGEST_IDENTIFIER} characters of a name in T-SQL`,
    {
      hint: 'Choose a shorter one: --object dbo.score_it',
    },
  );
}

/**
 * One that says it is not finished where there is none, then ALTER, which keeps grants. No CREATE OR ALTER: not every
 * engine has it.
 */
export function createThenAlter(kind: 'procedure' | 'view', name: string, head: string[], body: string[]): string[] {
  const unfinished = quoteText(`${WRITTEN_BY}, but not finished: run its script again`);
  const [word, type, stub] =
    kind === 'view'
      ? ['VIEW', 'V', `SELECT ${unfinished} AS [unfinished];`]
      : ['PROCEDURE', 'P', throwNow('missing', unfinished)];
  return [
    [
      ...head,
      `IF OBJECT_ID(${quoteText(name)}, N'${type}') IS NULL EXEC(${quoteStatement(`CREATE ${word} ${name} AS ${stub}`)});`,
      '',
    ].join('\n'),
    [`ALTER ${word} ${name}`, 'AS', ...body, ''].join('\n'),
  ];
}

/** Throws USAGE when a name has a line that every client would take for the end of a batch. */
export function joinBatches(batches: readonly string[]): string {
  const broken = batches.some((batch) => /^[^\S\r\n]*GO\b/im.test(batch));
  if (!broken) return batches.map((batch) => `${batch}GO\n`).join('\n');
  throw new PredictableError('USAGE', 'a name has a line that reads GO, which ends a batch', {
    hint: 'Rename it, or score a view that has other names.',
  });
}
