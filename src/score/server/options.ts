/** What scoring a table of a server is asked for, and what it says. */

import type { z } from 'zod';
import type { ModelVersion, ServerRegistry } from '../../registry/registry.js';
import type { EcKey } from '../../signing/keys.js';
import type { scoredRowsSchema } from '../documents.js';
import type { ScoreOptions } from '../score.js';

export interface TableScoreOptions
  extends Pick<ScoreOptions, 'map' | 'keys' | 'timeout' | 'memory' | 'onProgress' | 'signal'> {
  registry: ServerRegistry;
  /** name, name@3 or name@alias. */
  name: string;
  /** Refuses a version that none of these keys signed. */
  requireSignature?: EcKey[] | undefined;
  /** The table or view, as T-SQL writes it. */
  table: string;
  /** `predict`: the server scores; `local`: its rows are read and scored here. */
  engine: 'predict' | 'local';
  /** Without it the predictions are only counted and previewed. A table is one of the server, for `predict` only. */
  output?: { file: string } | { into: string } | undefined;
  /** Scores what the server read here too, and holds the two together; for `predict` only. */
  compare?: boolean | undefined;
}

/** What is published of scored rows, and the version that scored them. */
export type TableScoreSummary = z.infer<typeof scoredRowsSchema> & { version: ModelVersion };
