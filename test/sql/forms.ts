/** Every form of text that there is, by a name: for snapshots, for injection, and for the grammar. */

import { DIALECTS } from '../../src/sql/dialect.js';
import { joinBatches } from '../../src/sql/object.js';
import { renderPredict } from '../../src/sql/predict.js';
import type { PredictOptions } from '../../src/sql/predict-options.js';
import { type ObjectOptions, renderProcedure } from '../../src/sql/procedure.js';
import { renderView } from '../../src/sql/view.js';

export interface Subject {
  /** From names alone, held against a table, and with more values than are written in. */
  plain: PredictOptions;
  checked: PredictOptions;
  wide: PredictOptions;
  alias: string;
  object: string | undefined;
  into: string;
}

export function forms({ plain, checked, wide, alias, object, into }: Subject): Record<string, string> {
  const { synapse } = DIALECTS;
  const procedure = (options: Omit<ObjectOptions, 'object'>) =>
    joinBatches(renderProcedure({ ...options, object }).batches);
  const view = (options: Omit<ObjectOptions, 'object'>) =>
    joinBatches(renderView({ ...options, object, dialect: synapse }).batches);
  return {
    script: renderPredict(plain),
    'script-synapse': renderPredict({ ...plain, dialect: synapse }),
    'script-checked': renderPredict(checked),
    'script-dictionary': renderPredict(wide),
    'script-pass-through': renderPredict({ ...plain, passThrough: ['rooms', 'note'] }),
    'script-into': renderPredict({ ...plain, into }),
    'script-into-checked': renderPredict({ ...checked, into }),
    'script-into-synapse': renderPredict({ ...plain, into, dialect: synapse }),
    procedure: procedure({ ...plain, reference: { version: 3 } }),
    'procedure-alias': procedure({ ...plain, reference: { alias } }),
    'procedure-into': procedure({ ...wide, into, reference: {} }),
    'procedure-into-checked': procedure({ ...checked, into, reference: { alias } }),
    'procedure-into-synapse': procedure({ ...checked, into, reference: { alias }, dialect: synapse }),
    'view-synapse': view({ ...plain, reference: {} }),
    'view-dictionary-synapse': view({ ...wide, reference: { alias } }),
  };
}
