/** Makes procedures and views on the server, batch by batch. */

import { z } from 'zod';
import { PredictableError } from '../errors.js';
import type { Session } from '../server/connection.js';
import { quoteText } from '../server/names.js';
import { nvarchar } from '../server/parameters.js';
import { WRITTEN_BY } from '../sql/head.js';
import { type SqlObject, sqlObjectSchema } from '../sql/object.js';
import type { Form, RenderedSql } from './render.js';

export const appliedObjectSchema = sqlObjectSchema.extend({ done: z.enum(['created', 'altered', 'kept']) });
export type AppliedObject = z.infer<typeof appliedObjectSchema>;

/** The server that the batches go to. */
interface BatchServer extends Session {
  batch(text: string): Promise<unknown>;
}

/** Throws USAGE for what cannot be made. */
export function mustBeApplicable(as: Form, checks: boolean): void {
  if (as === 'script') {
    throw new PredictableError('USAGE', '--apply makes procedures and views; a script makes nothing', {
      hint: 'Add --as procedure, or run the model over the rows: predictable score.',
    });
  }
  if (!checks) return;
  throw new PredictableError('USAGE', '--check looks at a file and --apply changes the server', {
    hint: 'Run them one after the other.',
  });
}

/**
 * Throws USAGE without a server, FILE_EXISTS for a procedure or view that somebody else wrote, and what the server
 * refuses. A table that is there is kept.
 */
export async function applySql(
  registry: { server: BatchServer } | null,
  { batches, objects }: Pick<RenderedSql, 'batches' | 'objects'>,
): Promise<AppliedObject[]> {
  if (registry === null) {
    throw new PredictableError('USAGE', '--apply needs a registry on a server', {
      hint: 'Name one with --registry mssql://user@host/database, or write the SQL to a file with -o.',
    });
  }
  const { server } = registry;
  const applied: AppliedObject[] = [];
  for (const object of objects) applied.push({ ...object, done: await whatHappensTo(server, object) });
  for (const batch of batches) await server.batch(batch);
  return applied;
}

/**
 * What takes back what the batches make: an object that was altered gets its text of now again, one that was created
 * goes; a table keeps the predictions that are in it. Without a server nothing is known of before: what was made goes.
 * Throws FILE_EXISTS as applySql does.
 */
export async function undoSql(server: Session | null, { objects }: Pick<RenderedSql, 'objects'>): Promise<string> {
  const lines: string[] = [];
  for (const object of objects) {
    const { kind, name } = object;
    if (server !== null) await whatHappensTo(server, object);
    const before = server === null ? null : await definitionOf(server, name);
    if (kind === 'table') lines.push(`-- ${name} stays, with the predictions that are in it.`);
    else lines.push(before === null ? dropObject(kind, name) : asAlter(before), 'GO');
  }
  return `${lines.join('\n')}\n`;
}

function dropObject(kind: 'procedure' | 'view', name: string): string {
  const type = kind === 'view' ? 'V' : 'P';
  return `IF OBJECT_ID(${quoteText(name)}, N'${type}') IS NOT NULL DROP ${kind.toUpperCase()} ${name};`;
}

/** The server keeps the text as CREATE, whatever it was altered by; ALTER keeps the grants. Comments may stand before it. */
function asAlter(definition: string): string {
  return definition.trim().replace(/^((?:--[^\n]*\n|\/\*[\s\S]*?\*\/|\s)*)CREATE\b/i, '$1ALTER');
}

async function definitionOf(server: Session, name: string): Promise<string | null> {
  const [found] = await server.query(OBJECT_STATEMENT, { name: nvarchar(name, LONGEST_NAME) });
  return typeof found?.definition === 'string' ? found.definition : null;
}

export const OBJECT_STATEMENT = 'SELECT OBJECT_ID(@name) AS [id], OBJECT_DEFINITION(OBJECT_ID(@name)) AS [definition];';

/** Two bracketed names of 128 characters, each bracket doubled. */
const LONGEST_NAME = 517;

async function whatHappensTo(server: Session, { kind, name }: SqlObject): Promise<AppliedObject['done']> {
  const [found] = await server.query(OBJECT_STATEMENT, { name: nvarchar(name, LONGEST_NAME) });
  if (found === undefined || found.id === null) return 'created';
  if (kind === 'table') return 'kept';
  if (typeof found.definition === 'string' && found.definition.includes(WRITTEN_BY)) return 'altered';
  throw new PredictableError('FILE_EXISTS', `${name} is there already, and predictable did not write it`, {
    hint: 'Choose another name with --object, or drop it first; this login may also not be allowed to read its text.',
    details: { object: name },
  });
}
