/** The T-SQL that scores a model of a run, as `predictable sql` would write it: no server and no registry is asked. */

import type { ModelResult } from '../batch/results.js';
import { asPredictableError } from '../errors.js';
import { forShell } from '../shell.js';
import { DIALECTS } from '../sql/dialect.js';
import { renderPredict } from '../sql/predict.js';
import { DEFAULT_TARGET, TARGETS } from '../targets/targets.js';
import type { ModelSql } from './page/data.js';

/** A table that is named by nobody; `sql --data` names the real one. */
const DATA = 'dbo.features';
const KEYS = ['id'];

export function modelSql(result: ModelResult): ModelSql {
  const { name, target, inputs, outputs, sha256, output, registered } = result;
  if (inputs === undefined || outputs === undefined || sha256 === undefined || output === undefined) {
    return { note: 'There is no model that T-SQL could score.' };
  }
  // As `sql` does: a model of the embedded registry can go to SQL Edge as it is.
  const id = target === 'embedded' ? DEFAULT_TARGET : target;
  if (!TARGETS[id].predict) {
    return {
      note: `${TARGETS[id].title} has no PREDICT with ONNX, and plain T-SQL (--engine plain) is coming. Rows are scored here: predictable score ${forShell(registered?.name ?? name)} --engine local. For PREDICT, convert with --target sql-edge.`,
    };
  }
  const version = registered?.version ?? 1;
  try {
    const text = renderPredict({
      name: registered?.name ?? name,
      version,
      sha256,
      signature: { inputs, outputs },
      data: DATA,
      keys: KEYS,
      dialect: DIALECTS[id],
    });
    const which =
      registered === undefined
        ? 'The model is not registered by this run: the script takes it to become version 1, and refuses to run when the stored sha256 is another.'
        : `Scores version ${version}, and refuses to run when the stored sha256 is another.`;
    return {
      text,
      note: `${which} ${DATA} and its key ${KEYS[0]} stand for your table: predictable sql --data names it.`,
    };
  } catch (thrown) {
    const { code, message, hint } = asPredictableError(thrown);
    return { note: `${code}: ${message}${hint === undefined ? '' : `. ${hint}`}` };
  }
}
