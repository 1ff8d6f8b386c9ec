/** Rows of the table of models as ModelVersion. */

import { z } from 'zod';
import { PredictableError } from '../../errors.js';
import { recordOf } from '../../record-of.js';
import type { Row } from '../../server/connection.js';
import { int, nvarchar, type Parameters } from '../../server/parameters.js';
import { signatureSchema } from '../../signature.js';
import type { Tables } from '../../sql/registry-tables.js';
import { verificationSchema } from '../../verify/verification.js';
import { modelVersionSchema } from '../documents.js';
import { notFound } from '../not-found.js';
import type { ModelReference, ModelVersion } from '../registry.js';
import type { Store } from './store.js';

/** A version, and its row: the key of its dictionaries and what PREDICT's scripts read. */
export type StoredVersion = ModelVersion & { id: number };

const json = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'is no JSON' });
    return z.NEVER;
  }
});

/** The published version, as a row of the server holds it; each of its aliases is a row. */
const rowSchema = modelVersionSchema.omit({ aliases: true }).extend({
  id: z.number().int(),
  sha256: z.string(),
  // The driver gives bigint as text.
  bytes: z.coerce.number().int(),
  signature: json.pipe(signatureSchema),
  verification: json.pipe(verificationSchema).nullable(),
  provenance: json.pipe(recordOf(z.unknown())),
  created: z.date().transform((date) => date.toISOString()),
});

/** Where the parts of a version stand in its row. */
const SELECTED: Record<keyof z.infer<typeof rowSchema>, string> = {
  id: 'm.[id]',
  name: 'm.[name]',
  version: 'm.[version]',
  sha256: 'm.[sha256]',
  bytes: 'm.[bytes]',
  target: 'm.[target]',
  description: 'm.[full_description] AS [description]',
  signature: 'm.[signature]',
  verification: 'm.[verification]',
  provenance: 'm.[provenance]',
  created: 'm.[created_at] AS [created]',
  createdBy: 'm.[created_by] AS [createdBy]',
};
const COLUMNS = [...Object.values(SELECTED), 'a.[alias]'].join(', ').replace(', m.[signature]', ',\n  m.[signature]');

/** Statements over the models: each gives a row a version and alias. */
export function versionStatements({ models, aliases }: Tables): Record<VersionStatement, string> {
  const from = `SELECT ${COLUMNS}
FROM ${models} AS m LEFT JOIN ${aliases} AS a ON a.[name] = m.[name] AND a.[version] = m.[version]`;
  const newest = (of: string) => `(SELECT MAX(n.[version]) FROM ${models} AS n WHERE n.[name] = ${of})`;
  return {
    newest: `${from}
WHERE m.[name] IS NOT NULL AND m.[version] = ${newest('m.[name]')} ORDER BY m.[name], a.[alias];`,
    all: `${from}
WHERE m.[name] IS NOT NULL ORDER BY m.[name], m.[version], a.[alias];`,
    ofName: `${from}
WHERE m.[name] = @name ORDER BY m.[version] DESC, a.[alias];`,
    newestOfName: `${from}
WHERE m.[name] = @name AND m.[version] = ${newest('@name')} ORDER BY a.[alias];`,
    byVersion: `${from}
WHERE m.[name] = @name AND m.[version] = @version ORDER BY a.[alias];`,
    byAlias: `${from}
WHERE m.[name] = @name AND m.[version] = (SELECT b.[version] FROM ${aliases} AS b WHERE b.[name] = @name AND b.[alias] = @alias) ORDER BY a.[alias];`,
    bySha256: `${from}
WHERE m.[name] = @name AND m.[sha256] = @sha256 ORDER BY m.[version] DESC, a.[alias];`,
  };
}

type VersionStatement = 'newest' | 'all' | 'ofName' | 'newestOfName' | 'byVersion' | 'byAlias' | 'bySha256';

export async function selectVersions(
  store: Store,
  statement: VersionStatement,
  parameters: Parameters = {},
): Promise<StoredVersion[]> {
  const versions = new Map<number, StoredVersion>();
  for (const row of await store.session.query(versionStatements(store.tables)[statement], parameters)) {
    const { alias } = row;
    const known = versions.get(Number(row.id)) ?? { ...parseRow(row), aliases: [] };
    if (typeof alias === 'string') known.aliases.push(alias);
    versions.set(known.id, known);
  }
  return [...versions.values()];
}

/** The version that is meant; MODEL_NOT_FOUND says what there is. */
export async function resolveVersion(store: Store, reference: ModelReference): Promise<StoredVersion> {
  const { version, alias } = reference;
  const name = nvarchar(reference.name, 128);
  const [found] = await (version !== undefined
    ? selectVersions(store, 'byVersion', { name, version: int(version) })
    : alias !== undefined
      ? selectVersions(store, 'byAlias', { name, alias: nvarchar(alias, 128) })
      : selectVersions(store, 'newestOfName', { name }));
  if (found !== undefined) return found;
  const versions = (await selectVersions(store, 'ofName', { name })).reverse();
  const names = versions.length > 0 ? [] : await selectVersions(store, 'newest');
  throw notFound(
    reference,
    versions,
    names.map((model) => model.name),
  );
}

/** The version as the rest of the program knows it. */
export function withoutId({ id: _, ...version }: StoredVersion): ModelVersion {
  return version;
}

function parseRow(row: Row): Omit<StoredVersion, 'aliases'> {
  const parsed = rowSchema.safeParse(row);
  if (parsed.success) return parsed.data;
  throw new PredictableError(
    'REGISTRY_DAMAGED',
    `the entry of ${String(row.name)}@${String(row.version)} cannot be read: ${z.prettifyError(parsed.error)}`,
    { hint: 'Somebody changed it by hand, or a newer predictable wrote it. Restore the row from a backup.' },
  );
}
