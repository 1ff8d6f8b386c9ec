/** The passes, in the order in which each finds what it needs. */

import { batch } from './batch/batch.js';
import { biases } from './biases.js';
import { canonical } from './canonical.js';
import { columns } from './columns/columns.js';
import { doubles } from './doubles.js';
import { duplicates } from './duplicates.js';
import { imports } from './imports.js';
import { initializers } from './initializers.js';
import { joins } from './joins.js';
import { leftovers } from './leftovers.js';
import { maps } from './maps.js';
import { nulls } from './nulls.js';
import { opsets } from './opsets/opsets.js';
import { outputs } from './outputs/outputs.js';
import type { Pass } from './pass.js';
import { selections } from './selections.js';
import { text } from './text/text.js';
import { transposed } from './transposed/transposed.js';
import { weights } from './weights/weights.js';

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
