/** Rows that were in the table before the registry was: each that PREDICT can score becomes version 1 of a model, the others stay. */

import { asPredictableError } from '../../errors.js';
import { sha256Of } from '../../files/sha256.js';
import { columnarSignature } from '../../graph/columnar-signature.js';
import type { Row, Server } from '../../server/connection.js';
import { bigint, int, nvarchar, varchar } from '../../server/parameters.js';
import type { StatementPlace } from '../../sql/registry-tables.js';
import { TARGETS, type TargetId } from '../../targets/targets.js';
import { checkName } from '../reference.js';
import type { Initialization } from '../registry.js';
import { contentStatements, insertDictionaries, jsonParameters, lockName, mustHoldDictionary } from './contents.js';
import { readState } from './state.js';
import type { Store } from './store.js';
import { resolveVersion, withoutId } from './versions.js';

export function adoptionStatements({ tables: { models, names }, dialect: { login } }: StatementPlace) {
  return {
    rows: `SELECT [id], [description] FROM ${models} WHERE [name] IS NULL AND [data] IS NOT NULL ORDER BY [id];`,
    /** Azure Data Studio's rows have names. */
    studioRows: `SELECT [id], [description], [model_name] FROM ${models} WHERE [name] IS NULL AND [data] IS NOT NULL ORDER BY [id];`,
    adopt: `UPDATE ${names} SET [last_version] = [last_version] + 1 WHERE [name] = @name;
UPDATE ${models} SET [name] = @name, [version] = (SELECT n.[last_version] FROM ${names} AS n WHERE n.[name] = @name),
  [sha256] = @sha256, [bytes] = @bytes, [target] = @target, [full_description] = @description, [signature] = @signature,
  [verification] = @verification, [provenance] = @provenance, [interface_sha256] = @interface_sha256,
  [binding_sha256] = @binding_sha256, [created_at] = SYSUTCDATETIME(), [created_by] = ${login}
WHERE [id] = @id AND [name] IS NULL;
SELECT [version] FROM ${models} WHERE [id] = @id;`,
  } as const;
}

export async function adoptRows(
  server: Server,
  store: Store,
  engine: TargetId,
): Promise<Pick<Initialization, 'adopted' | 'left'>> {
  const result: Pick<Initialization, 'adopted' | 'left'> = { adopted: [], left: [] };
  const statements = adoptionStatements(store);
  const { column_model_name: studioName } = await readState(store);
  for (const row of await store.session.query(
    typeof studioName === 'number' ? statements.studioRows : statements.rows,
  )) {
    const id = Number(row.id);
    const [found] = await store.session.query(contentStatements(store).data, { id: int(id) });
    const bytes = found?.data instanceof Uint8Array ? found.data : new Uint8Array();
    try {
      const signature = columnarSignature(bytes, TARGETS[engine]);
      mustHoldDictionary(signature);
      const facts = {
        signature,
        verification: null,
        provenance: { adopted: true, source: `row ${id} of ${store.tables.models}` },
      };
      const parameters = {
        id: int(id),
        name: nvarchar(nameOf(row), 128),
        sha256: varchar(sha256Of(bytes), 64),
        bytes: bigint(bytes.length),
        target: varchar(engine, 32),
        description: nvarchar(typeof row.description === 'string' ? row.description : null),
        ...jsonParameters(facts),
      };
      const version = await server.transaction(
        async (session) => {
          const inside = { ...store, session };
          await lockName(inside, nameOf(row));
          const [adopted] = await session.query(statements.adopt, parameters);
          await insertDictionaries(inside, id, signature);
          return withoutId(await resolveVersion(inside, { name: nameOf(row), version: Number(adopted?.version) }));
        },
        { repeatable: false },
      );
      result.adopted.push(version);
    } catch (thrown) {
      const error = asPredictableError(thrown);
      if (!NO_MODEL.has(error.code)) throw thrown;
      result.left.push({ id, reason: error.message });
    }
  }
  return result;
}

/** What a row's bytes may be refused for; anything else is about the server. */
const NO_MODEL = new Set([
  'CORRUPT_MODEL',
  'UNSUPPORTED_TYPE',
  'UNSUPPORTED_MODEL',
  'UNSUPPORTED_OPERATOR',
  'OPSET_TOO_NEW',
  'TOO_MANY_COLUMNS',
  'MODEL_TOO_LARGE',
  'NAME_COLLISION',
  'SIGNATURE_INVALID',
]);

function nameOf({ id, model_name: name }: Row): string {
  const fallback = `model-${String(id)}`;
  if (typeof name !== 'string') return fallback;
  try {
    return checkName(name.trim());
  } catch {
    // A name that cannot be written as NAME@VERSION.
    return fallback;
  }
}
