/** What the scripts for change control are made of: one transaction that is whole or undone, variables, and refusals. */

import { commentText, quoteText } from '../../../server/names.js';
import type { StatementPlace } from '../../../sql/registry-tables.js';

/** What a DBA runs, and what takes it back. */
export interface ChangeScript {
  apply: string;
  undo: string;
}

export function head(lines: string[]): string[] {
  return [
    ...lines.map((line) => `-- ${commentText(line)}`),
    '-- Written by predictable. Running it twice is running it once.',
  ];
}

/** `body` inside one transaction: any error undoes all of it, and is shown. */
export function transaction(body: string[]): string[] {
  return [
    'BEGIN TRY',
    '    BEGIN TRANSACTION;',
    ...indent(body),
    '    COMMIT TRANSACTION;',
    'END TRY',
    'BEGIN CATCH',
    '    IF @@TRANCOUNT > 0 ROLLBACK TRANSACTION;',
    '    THROW;',
    'END CATCH;',
  ];
}

export const SETTINGS = ['SET XACT_ABORT ON;', 'SET NOCOUNT ON;'];

/** `DECLARE @name type = literal;` */
export function declare(name: string, type: string, literal: string): string {
  return `DECLARE @${name} ${type} = ${literal};`;
}

export function textOrNull(text: string | null): string {
  return text === null ? 'NULL' : quoteText(text);
}

function indent(lines: string[]): string[] {
  return lines.flatMap((line) => line.split('\n')).map((line) => (line === '' ? '' : `    ${line}`));
}

export function block(condition: string, lines: string[]): string[] {
  return [`IF ${condition}`, 'BEGIN', ...indent(lines), 'END;'];
}

export function script(...lines: string[]): string {
  return `${lines.join('\n')}\n`;
}

/** Holds the name until the transaction ends, as the program does online. */
export function lockName({ tables: { names } }: StatementPlace): string[] {
  return [
    `UPDATE ${names} SET [last_version] = [last_version] WHERE [name] = @name;`,
    `IF @@ROWCOUNT = 0 INSERT INTO ${names} ([name], [last_version]) VALUES (@name, 0);`,
  ];
}
