/** The statements that put a model into @model: a fixed version, or whichever an alias points to when they run. */

import { PredictableError } from '../errors.js';
import { quoteText } from '../server/names.js';
import { forShell } from '../shell.js';
import type { Signature } from '../signature.js';
import { bindingKey } from './binding-key.js';
import type { Tables } from './registry-tables.js';
import { message, throwIf } from './throw.js';

export interface ModelRow {
  statements: string[];
  /** Expressions for what was found. */
  id: string;
  model: string;
  version: string;
}

interface FixedVersion {
  name: string;
  version: number;
  sha256: string;
}

export function fixedVersion({ name, version, sha256 }: FixedVersion, { models }: Tables): ModelRow {
  const title = `${name}, version ${version}`;
  const statements = [
    `DECLARE @id int = (SELECT [id] FROM ${models} WHERE ${is('[name]', name)} AND [version] = ${version});`,
    ...throwIf('@id IS NULL', 'missing', message(`${title} is not in ${models}`)),
    ...loadModel(models),
    ...throwIf(
      `@model IS NULL OR ${STORED_HASH} <> ${binary(sha256, title)}`,
      'changed',
      message(`the stored ${title} is not the model that this was written for`),
    ),
  ];
  return { statements, id: '@id', model: '@model', version: String(version) };
}

/** The same as expressions, for a view, which has no variables; a version that is not there, or not the same, is NULL. */
export function fixedVersionInView({ name, version, sha256 }: FixedVersion, { models }: Tables): ModelRow {
  const where = `FROM ${models} WHERE ${is('[name]', name)} AND [version] = ${version} AND HASHBYTES('SHA2_256', [data]) = ${binary(sha256, name)}`;
  return { statements: [], id: `(SELECT [id] ${where})`, model: `(SELECT [data] ${where})`, version: String(version) };
}

/** Model, version and dictionaries by one id, so that a promotion between two statements changes nothing. */
export function versionOfAlias(name: string, alias: string, signature: Signature, tables: Tables): ModelRow {
  const { models, aliases } = tables;
  const title = `${name}@${alias}`;
  const statements = [
    'DECLARE @id int = (',
    '    SELECT m.[id]',
    `    FROM ${models} AS m JOIN ${aliases} AS a ON a.[version] = m.[version]`,
    `    WHERE ${is('m.[name]', name)}`,
    `        AND ${is('a.[name]', name)}`,
    `        AND ${is('a.[alias]', alias)}`,
    ');',
    ...throwIf('@id IS NULL', 'missing', message(`there is no ${title} in ${aliases}`)),
    `DECLARE @version int = (SELECT [version] FROM ${models} WHERE [id] = @id);`,
    `DECLARE @binding varchar(64) = (SELECT [binding_sha256] FROM ${models} WHERE [id] = @id);`,
    ...throwIf(
      `@binding IS NULL OR @binding <> ${quoteText(bindingKey(signature))}`,
      'signature',
      message(
        `SIGNATURE_CHANGED: ${title} has other inputs or outputs than this was written for; run predictable sql ${forShell(title)} --as procedure --apply again`,
      ),
    ),
    ...loadModel(models),
    `DECLARE @sha256 varchar(64) = (SELECT [sha256] FROM ${models} WHERE [id] = @id);`,
    ...throwIf(
      `@model IS NULL OR @sha256 IS NULL OR ${STORED_HASH} <> CONVERT(varbinary(32), @sha256, 2)`,
      'changed',
      message(`the stored model of ${title} is not the one that was registered`),
    ),
  ];
  return { statements, id: '@id', model: '@model', version: '@version' };
}

/** Of the bytes themselves: a model that was replaced under its sha256 is noticed. */
const STORED_HASH = "HASHBYTES('SHA2_256', @model)";

function loadModel(models: string): string[] {
  return [`DECLARE @model varbinary(max) = (SELECT [data] FROM ${models} WHERE [id] = @id);`];
}

/** The digits stand in the text as they are. */
function binary(sha256: string, title: string): string {
  if (/^[0-9a-f]{64}$/i.test(sha256)) return `0x${sha256.toLowerCase()}`;
  throw new PredictableError('REGISTRY_DAMAGED', `${title} has a sha256 that is none: ${JSON.stringify(sha256)}`, {
    hint: 'Register the model again, or restore its row from a backup.',
  });
}

/** Whatever the collation of the column. */
function is(column: string, text: string): string {
  return `${column} COLLATE Latin1_General_100_BIN2 + N'|' = ${quoteText(`${text}|`)}`;
}
