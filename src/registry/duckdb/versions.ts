/** Rows of the tables of models as ModelVersion, and back. */

import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';
import { z } from 'zod';
import { recordOf } from '../../record-of.js';
import { signatureSchema } from '../../signature.js';
import { type Verification, verificationSchema } from '../../verify/verification.js';
import { modelVersionSchema, type Provenance } from '../documents.js';
import { notFound } from '../not-found.js';
import type { ModelReference, ModelVersion } from '../registry.js';
import { damaged } from './errors.js';

/** The published version, as a row of the file holds it. */
const rowSchema = modelVersionSchema.extend({
  sha256: z.string(),
  bytes: z.bigint().transform(Number),
  signature: z.string().transform(parseJson).pipe(signatureSchema),
  verification: z.string().transform(parseJson).pipe(verificationSchema).nullable(),
  provenance: z.string().transform(parseJson).pipe(recordOf(z.unknown())),
  // A file has no logins.
  createdBy: z.null().default(null),
  aliases: z
    .string()
    .nullable()
    .transform((text) => (text === null ? [] : text.split('\n'))),
});

// Aliases have no control characters, so a line break can stand between them.
const SELECT = `
  SELECT m.*, (SELECT string_agg(a.alias, chr(10) ORDER BY a.alias) FROM predictable.aliases a
               WHERE a.name = m.name AND a.version = m.version) AS aliases
  FROM predictable.models m`;

/** Models by a condition over `m`, in the given order. */
export async function selectVersions(
  connection: DuckDBConnection,
  rest: string,
  values: DuckDBValue[] = [],
): Promise<ModelVersion[]> {
  const result = await connection.runAndReadAll(`${SELECT} ${rest}`, values);
  return result.getRowObjects().map((row) => {
    const parsed = rowSchema.safeParse(row);
    if (parsed.success) return parsed.data;
    throw damaged(`the entry of ${String(row.name)}@${String(row.version)}`, z.prettifyError(parsed.error));
  });
}

/** The version that is meant; MODEL_NOT_FOUND says what there is. */
export async function resolveVersion(connection: DuckDBConnection, reference: ModelReference): Promise<ModelVersion> {
  const { name, version, alias } = reference;
  const [found] = await (version !== undefined
    ? selectVersions(connection, 'WHERE m.name = $1 AND m.version = $2', [name, version])
    : alias !== undefined
      ? selectVersions(
          connection,
          'JOIN predictable.aliases b ON b.name = m.name AND b.version = m.version WHERE m.name = $1 AND b.alias = $2',
          [name, alias],
        )
      : selectVersions(connection, 'WHERE m.name = $1 ORDER BY m.version DESC LIMIT 1', [name]));
  if (found !== undefined) return found;
  const versions = await selectVersions(connection, 'WHERE m.name = $1 ORDER BY m.version', [name]);
  throw notFound(reference, versions, versions.length > 0 ? [] : await allNames(connection));
}

async function allNames(connection: DuckDBConnection): Promise<string[]> {
  const result = await connection.runAndReadAll('SELECT DISTINCT name FROM predictable.models ORDER BY name');
  return result.getRowObjects().map((row) => String(row.name));
}

/** The next number of the name: one that no version of it ever had. */
export async function nextVersion(connection: DuckDBConnection, name: string): Promise<number> {
  const result = await connection.runAndReadAll('SELECT last_version FROM predictable.names WHERE name = $1', [name]);
  const last = result.getRowObjects()[0]?.last_version;
  if (last === undefined) {
    await connection.run('INSERT INTO predictable.names VALUES ($1, 1)', [name]);
    return 1;
  }
  const next = Number(last) + 1;
  await connection.run('UPDATE predictable.names SET last_version = $2 WHERE name = $1', [name, next]);
  return next;
}

export async function insertVersion(
  connection: DuckDBConnection,
  model: Omit<ModelVersion, 'aliases' | 'createdBy'>,
): Promise<void> {
  await connection.run('INSERT INTO predictable.models VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [
    model.name,
    model.version,
    model.sha256,
    BigInt(model.bytes),
    model.target,
    model.description,
    JSON.stringify(model.signature),
    model.verification === null ? null : JSON.stringify(model.verification),
    JSON.stringify(model.provenance),
    model.created,
  ]);
}

/** The same bytes were verified later than they were registered. */
export async function updateVerification(
  connection: DuckDBConnection,
  name: string,
  version: number,
  verification: Verification,
): Promise<void> {
  await connection.run('UPDATE predictable.models SET verification = $3 WHERE name = $1 AND version = $2', [
    name,
    version,
    JSON.stringify(verification),
  ]);
}

/** The same bytes were signed otherwise than when they were registered. */
export async function updateProvenance(
  connection: DuckDBConnection,
  name: string,
  version: number,
  provenance: Provenance,
): Promise<void> {
  await connection.run('UPDATE predictable.models SET provenance = $3 WHERE name = $1 AND version = $2', [
    name,
    version,
    JSON.stringify(provenance),
  ]);
}

export async function deleteVersion(connection: DuckDBConnection, name: string, version: number): Promise<void> {
  await connection.run('DELETE FROM predictable.contents WHERE name = $1 AND version = $2', [name, version]);
  await connection.run('DELETE FROM predictable.models WHERE name = $1 AND version = $2', [name, version]);
}

function parseJson(text: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is no JSON' });
    return z.NEVER;
  }
}
