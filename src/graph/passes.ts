/** The passes, in the order in which each finds what it needs. */

import type { Pass } from './draft.js';
import { batch } from './passes/batch.js';
import { biases } from './passes/biases.js';
import { canonical } from './passes/canonical.js';
import { columns } from './passes/columns.js';
import { doubles } from './passes/doubles.js';
import { duplicates } from './passes/duplicates.js';
import { imports } from './passes/imports.js';
import { initializers } from './passes/initializers.js';
import { joins } from './passes/joins.js';
import { leftovers } from './passes/leftovers.js';
import { maps } from './passes/maps.js';
import { nulls } from './passes/nulls.js';
import { opsets } from './passes/opsets.js';
import { outputs } from './passes/outputs.js';
import { selections } from './passes/selections.js';
import { text } from './passes/text.js';
import { transposed } from './passes/transposed.js';
import { weights } from './passes/weights.js';

export const PASSES: readonly Pass[] = [
  imports,
  initializers,
  leftovers,
  opsets,
  maps,
  batch,
  columns,
  selections,
  text,
  joins,
  nulls,
  transposed,
  outputs,
  doubles,
  biases,
  duplicates,
  weights,
  canonical,
];
