/** A version's row with its bytes and dictionaries: written once, read back, and held against its sha256 by the server itself. */

import { PredictableError } from '../../errors.js';
import { sha256Of } from '../../files/sha256.js';
import { bigint, int, nvarchar, type Parameters, varbinary, varchar } from '../../server/parameters.js';
import type { Signature } from '../../signature.js';
import { bindingKey } from '../../sql/binding-key.js';
import { LONGEST_MATCHED } from '../../sql/dictionary.js';
import type { StatementPlace } from '../../sql/registry-tables.js';
import type { RegisterRequest } from '../registry.js';
import { interfaceKey } from '../signature-change.js';
import type { Store } from './store.js';
import type { StoredVersion } from './versions.js';

/** Rows of one INSERT into the dictionaries: a statement takes 2,100 parameters. */
const ROWS_AT_ONCE = 500;

export function contentStatements({ tables: { models, names, dictionaries }, dialect: { login } }: StatementPlace) {
  const count = `UPDATE ${names} SET [last_version] = [last_version] + 1 WHERE [name] = @name;`;
  const insertRow = (
    version: string,
  ) => `INSERT INTO ${models} ([data], [description], [name], [version], [sha256], [bytes], [target], [full_description], [signature],
  [verification], [provenance], [interface_sha256], [binding_sha256], [created_at], [created_by])
SELECT @data, LEFT(@description, 1000), @name, ${version}, @sha256, @bytes, @target, @description, @signature,
  @verification, @provenance, @interface_sha256, @binding_sha256, SYSUTCDATETIME(), ${login}
FROM ${names} AS n WHERE n.[name] = @name;`;
  return {
    /** Holds the name until the transaction ends: one client at a time counts its versions and moves its aliases. */
    lock: `UPDATE ${names} SET [last_version] = [last_version] WHERE [name] = @name; SELECT @@ROWCOUNT AS [locked];`,
    firstLock: `INSERT INTO ${names} ([name], [last_version]) VALUES (@name, 0);`,
    count,
    insertRow,
    insert: `${count}
${insertRow('n.[last_version]')}
SELECT m.[id], m.[version], HASHBYTES('SHA2_256', m.[data]) AS [hash]
FROM ${models} AS m JOIN ${names} AS n ON n.[name] = m.[name] AND n.[last_version] = m.[version] WHERE m.[name] = @name;`,
    verification: `UPDATE ${models} SET [verification] = @verification WHERE [id] = @id;`,
    provenance: `UPDATE ${models} SET [provenance] = @provenance WHERE [id] = @id;`,
    data: `SELECT [data] FROM ${models} WHERE [id] = @id;`,
    hash: `SELECT HASHBYTES('SHA2_256', [data]) AS [hash] FROM ${models} WHERE [id] = @id;`,
    remove: `DELETE FROM ${dictionaries} WHERE [model_id] = @id; DELETE FROM ${models} WHERE [id] = @id;`,
    /** `rows` of values, each a row of parameters with its number behind their names. */
    dictionary: (rows: number) =>
      `INSERT INTO ${dictionaries} ([model_id], [kind], [column_name], [code], [value])
${Array.from({ length: rows }, (_, row) => `SELECT @id, @kind${row}, @column${row}, @code${row}, @value${row}`).join('\nUNION ALL ')};`,
  } as const;
}

export async function lockName(store: Store, name: string): Promise<void> {
  const statements = contentStatements(store);
  const parameters = { name: nvarchar(name, 128) };
  const [row] = await store.session.query(statements.lock, parameters);
  // Another client may be first here: then the key is there, the transaction is done again, and finds it.
  if (Number(row?.locked) === 0) await store.session.query(statements.firstLock, parameters);
}

/** Returns the new version's number. Throws CHECKSUM_MISMATCH when the server has other bytes than were sent. */
export async function insertVersion(store: Store, request: RegisterRequest, sha256: string): Promise<number> {
  const [row] = await store.session.query(contentStatements(store).insert, {
    name: nvarchar(request.name, 128),
    data: varbinary(request.bytes),
    description: nvarchar(request.description),
    sha256: varchar(sha256, 64),
    bytes: bigint(request.bytes.length),
    target: varchar(request.target, 32),
    ...jsonParameters(request),
  });
  if (row === undefined || hex(row.hash) !== sha256) {
    throw mismatch(`${request.name}: the server received other bytes than were sent`, sha256);
  }
  await insertDictionaries(store, Number(row.id), request.signature);
  return Number(row.version);
}

export async function updateVerification(
  store: Store,
  id: number,
  verification: RegisterRequest['verification'],
): Promise<void> {
  await store.session.query(contentStatements(store).verification, {
    id: int(id),
    verification: nvarchar(JSON.stringify(verification)),
  });
}

export async function updateProvenance(
  store: Store,
  id: number,
  provenance: RegisterRequest['provenance'],
): Promise<void> {
  await store.session.query(contentStatements(store).provenance, {
    id: int(id),
    provenance: nvarchar(JSON.stringify(provenance)),
  });
}

/** The bytes, or CHECKSUM_MISMATCH when they are not those that were registered. */
export async function readContents(store: Store, { id, name, version, sha256 }: StoredVersion): Promise<Uint8Array> {
  const [row] = await store.session.query(contentStatements(store).data, { id: int(id) });
  const data = row?.data;
  const hash = data instanceof Uint8Array ? sha256Of(data) : null;
  if (!(data instanceof Uint8Array) || hash !== sha256) throw changed(name, version, sha256);
  return data;
}

/** Whether the stored bytes still have their sha256: worked out by the server, so that they need not travel. */
export async function isWhole(store: Store, { id, sha256 }: StoredVersion): Promise<boolean> {
  const [row] = await store.session.query(contentStatements(store).hash, { id: int(id) });
  return hex(row?.hash) === sha256;
}

function hex(hash: unknown): string | null {
  return hash instanceof Uint8Array ? Buffer.from(hash).toString('hex') : null;
}

export async function deleteVersion(store: Store, id: number): Promise<void> {
  await store.session.query(contentStatements(store).remove, { id: int(id) });
}

export async function insertDictionaries(store: Store, id: number, signature: Signature): Promise<void> {
  const entries = dictionaryEntries(signature);
  for (let start = 0; start < entries.length; start += ROWS_AT_ONCE) {
    const part = entries.slice(start, start + ROWS_AT_ONCE);
    const parameters: Parameters = { id: int(id) };
    for (const [row, { kind, column, code, value }] of part.entries()) {
      parameters[`kind${row}`] = varchar(kind, 8);
      parameters[`column${row}`] = nvarchar(column, 128);
      parameters[`code${row}`] = bigint(code);
      parameters[`value${row}`] = nvarchar(value, 4000);
    }
    await store.session.query(contentStatements(store).dictionary(part.length), parameters);
  }
}

interface DictionaryEntry {
  kind: 'input' | 'output';
  column: string;
  code: number;
  value: string;
}

/** Categories and labels as rows of the table of dictionaries. */
export function dictionaryEntries({ inputs, outputs }: Signature): DictionaryEntry[] {
  return [
    ...inputs.flatMap(({ name, categories = [] }) =>
      categories.map((value, code): DictionaryEntry => ({ kind: 'input', column: name, code, value })),
    ),
    ...outputs.flatMap(({ name, labels = [] }) =>
      labels.map((value, code): DictionaryEntry => ({ kind: 'output', column: name, code, value })),
    ),
  ];
}

/** Throws UNSUPPORTED_TYPE for a category or label that the table of dictionaries cannot hold. */
export function mustHoldDictionary(signature: Signature): void {
  const long = dictionaryEntries(signature).find(({ value }) => value.length > LONGEST_MATCHED);
  if (long === undefined) return;
  throw new PredictableError(
    'UNSUPPORTED_TYPE',
    `${long.column} has a value of ${long.value.length} characters; a dictionary on a server holds ${LONGEST_MATCHED}`,
    { hint: 'Shorten the text before training, or keep the model in a duckdb: registry.' },
  );
}

/** Columns of a version's row that are worked out from the request. */
export function jsonParameters({ signature, verification, provenance }: RowFacts): Parameters {
  return {
    signature: nvarchar(JSON.stringify(signature)),
    verification: nvarchar(verification === null ? null : JSON.stringify(verification)),
    provenance: nvarchar(JSON.stringify(provenance)),
    interface_sha256: varchar(interfaceKey(signature), 64),
    binding_sha256: varchar(bindingKey(signature), 64),
  };
}

type RowFacts = Pick<RegisterRequest, 'signature' | 'verification' | 'provenance'>;

export function changed(name: string, version: number, sha256: string): PredictableError {
  return mismatch(`the stored bytes of ${name}@${version} are not those registered`, sha256);
}

function mismatch(message: string, sha256: string): PredictableError {
  return new PredictableError('CHECKSUM_MISMATCH', message, {
    hint: 'Register the file again; restore the row from a backup when it was registered before.',
    details: { sha256 },
  });
}
