/** Every command, in the order in which help lists them. */

import { convert } from './commands/convert.js';
import { demo } from './commands/demo.js';
import { detect, trust } from './commands/detect.js';
import { converters, doctor, setup } from './commands/environments.js';
import { inspect, normalize } from './commands/graph.js';
import { register } from './commands/register.js';
import { check, history, list, promote, prune, pull, remove, rollback, show } from './commands/registry.js';
import { diff, score } from './commands/score.js';
import { sql } from './commands/sql.js';
import { verify } from './commands/verify.js';

export const COMMANDS = [
  demo,
  setup,
  doctor,
  converters,
  detect,
  trust,
  convert,
  inspect,
  normalize,
  verify,
  register,
  list,
  show,
  history,
  pull,
  promote,
  rollback,
  remove,
  prune,
  check,
  diff,
  score,
  sql,
];
