/** SQL for a model of a registry: what the registry and its server know goes into the text. */

import { PredictableError } from '../errors.js';
import { formatReference, parseReference } from '../registry/reference.js';
import type { ModelVersion, Registry } from '../registry/registry.js';
import { missingColumns } from '../rows/columns.js';
import type { EngineFacts } from '../server/engine.js';
import { parseName, quoteName } from '../server/names.js';
import { describeTable, findTable, shortName, type TableShape } from '../server/table.js';
import { DIALECTS, type Dialect } from '../sql/dialect.js';
import { joinBatches, type SqlObject } from '../sql/object.js';
import { intoColumns } from '../sql/plan.js';
import { renderPredict } from '../sql/predict.js';
import type { PredictOptions } from '../sql/predict-options.js';
import { type ObjectOptions, renderProcedure } from '../sql/procedure.js';
import { renderView } from '../sql/view.js';
import { DEFAULT_TARGET, TARGETS, type TargetId } from '../targets/targets.js';

export const FORMS = ['script', 'procedure', 'view', 'function'] as const;
export type Form = (typeof FORMS)[number];

export interface SqlOptions extends Pick<PredictOptions, 'keys' | 'passThrough' | 'map' | 'into'> {
  /** The table or view with the rows, as T-SQL writes it. */
  data: string;
  /** By default a script. */
  as?: Form | undefined;
  /** What a procedure or view is called. */
  object?: string | undefined;
}

export interface RenderedSql {
  version: ModelVersion;
  text: string;
  /** The text without GO, as it is sent. */
  batches: string[];
  /** What the batches make; empty for a script. */
  objects: SqlObject[];
}

/**
 * `name` is name, name@3 or name@alias. Throws MODEL_NOT_FOUND, NO_ONNX_PREDICT, FILE_NOT_FOUND, USAGE,
 * COLUMN_MISMATCH, UNSUPPORTED_TYPE, TOO_MANY_COLUMNS.
 */
export async function renderSql(registry: Registry, name: string, options: SqlOptions): Promise<RenderedSql> {
  const { as = 'script' } = options;
  if (as === 'function') throw noFunction();
  const reference = parseReference(name);
  const there = registry.onServer();
  const server = there?.server ?? null;
  if (there !== null) mustHavePredict(await there.facts(), there.server.place);
  const engine = await registry.engine();
  const version = await registry.resolve(reference);
  const dialect = dialectFor(server === null ? version.target : engine, formatReference(reference));
  const table = server === null ? null : await describeTable(server, parseName(options.data));
  const predict: ObjectOptions = {
    name: version.name,
    version: version.version,
    sha256: version.sha256,
    signature: version.signature,
    ...options,
    keys: options.keys ?? (server === null ? ['id'] : undefined),
    modelsTable: server === null ? undefined : quoteName([server.address.schema, server.address.table]),
    table,
    dialect,
    reference,
  };
  const rendered = renderAs(as, predict);
  if (server !== null && options.into !== undefined) {
    mustHaveColumns(await findTable(server, parseName(options.into)), intoColumns(predict));
  }
  return { version, ...rendered };
}

function renderAs(as: Exclude<Form, 'function'>, options: ObjectOptions): Omit<RenderedSql, 'version'> {
  if (as === 'script') {
    if (options.object !== undefined) {
      throw new PredictableError('USAGE', '--object names a procedure or a view, and a script makes none', {
        hint: 'Add --as procedure.',
      });
    }
    const text = renderPredict(options);
    return { text, batches: [text], objects: [] };
  }
  const made = as === 'view' ? renderView(options) : renderProcedure(options);
  return { text: joinBatches(made.batches), ...made };
}

function mustHavePredict({ target, title }: EngineFacts, place: string): void {
  if (TARGETS[target].predict) return;
  throw new PredictableError('NO_ONNX_PREDICT', `${place} is ${title}, which has no PREDICT with ONNX`, {
    hint: NO_PREDICT_HINT,
    details: { engine: target, title },
  });
}

/** A file's models go to the engine that they were made for. */
function dialectFor(target: TargetId, reference: string): Dialect {
  const id = target === 'embedded' ? DEFAULT_TARGET : target;
  if (TARGETS[id].predict) return DIALECTS[id];
  throw new PredictableError(
    'NO_ONNX_PREDICT',
    `${reference} was made for ${TARGETS[id].title}, which has no PREDICT with ONNX`,
    { hint: `${NO_PREDICT_HINT} For PREDICT, convert it with --target sql-edge.`, details: { target } },
  );
}

const NO_PREDICT_HINT =
  'Score the rows here: predictable score … --engine local. Plain T-SQL, --engine plain, is coming.';

/** A table that is there already is not altered: it must have what the script writes. */
function mustHaveColumns(into: TableShape | null, needed: string[]): void {
  if (into === null) return;
  const found = into.columns.map(({ name }) => name);
  const known = new Set(found.map((name) => name.toLowerCase()));
  const missing = needed.filter((name) => !known.has(name.toLowerCase()));
  if (missing.length > 0) throw missingColumns(shortName(into.parts), missing, found);
}

function noFunction(): PredictableError {
  return new PredictableError('USAGE', 'PREDICT in a function is documented for no engine', {
    hint: 'Use --as procedure. Functions come with plain T-SQL, --engine plain, which is coming.',
  });
}
