/** A procedure that scores: a fixed version, or whichever an alias points to when it runs. */

import { aliasHead, fixedHead } from './head.js';
import { checkInto, createInto, isKnown } from './into.js';
import { fixedVersion, versionOfAlias } from './model-row.js';
import { createThenAlter, objectName, type SqlObject } from './object.js';
import { type PredictPlan, planPredict, scoringStatements, tablesFor } from './plan.js';
import type { PredictOptions } from './predict-options.js';
import { grantToScorers } from './roles.js';

export interface ObjectOptions extends PredictOptions {
  /** What it is called; by default `score_<model>` in the registry's schema. */
  object?: string | undefined;
  /** How the model was named: by its version, by an alias, or by neither. */
  reference: { version?: number | undefined; alias?: string | undefined };
}

/** Batches, which a text separates by GO, and what they make. */
export interface Batches {
  batches: string[];
  objects: SqlObject[];
}

/** An alias is followed. Throws what renderPredict throws, and USAGE for a name that no procedure can have. */
export function renderProcedure(options: ObjectOptions): Batches {
  const { name, signature, reference } = options;
  const { alias } = reference;
  const tables = tablesFor(options);
  const object = objectName(options.object, tables.schema, name);
  const row = alias === undefined ? fixedVersion(options, tables) : versionOfAlias(name, alias, signature, tables);
  const plan = planPredict(options, { modelId: row.id, always: alias !== undefined });
  const head =
    alias === undefined ? fixedHead(options, plan.bound, remarkOn(reference)) : aliasHead(options, alias, plan.bound);
  const keeping = plan.into === null ? [] : ['SET XACT_ABORT ON;', ...checkInto(plan.into)];
  // The head is in the text twice: the server keeps what stands in the procedure.
  const body = [...head, 'SET NOCOUNT ON;', ...keeping, '', ...scoringStatements(options, row, plan)];
  const procedure = [...createThenAlter('procedure', object, head, body), `${grantToScorers(object)}\n`];
  const made: SqlObject = { kind: 'procedure', name: object };
  const table = tableOf(plan);
  if (table === null) return { batches: procedure, objects: [made] };
  return { batches: [table.batch, ...procedure], objects: [table.object, made] };
}

/** A version that was not named stays, whatever comes after it. */
export function remarkOn({ version, alias }: ObjectOptions['reference']): string | undefined {
  if (version !== undefined) return undefined;
  return `It was ${alias ?? 'the newest version'} when this was written, and stays in here.`;
}

/** Made beside the procedure and not by it: who may execute it need not be allowed to create tables. */
function tableOf({ into }: PredictPlan): { batch: string; object: SqlObject } | null {
  if (into === null || !isKnown(into)) return null;
  return { batch: [...createInto(into), ''].join('\n'), object: { kind: 'table', name: into.table } };
}
