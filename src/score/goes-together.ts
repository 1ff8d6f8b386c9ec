/** What can be asked for together when rows are scored: it depends on where the rows lie, and on where the registry is. */

import { PredictableError } from '../errors.js';
import type { TableOutput } from './write/table.js';

/** What somebody asks for who scores rows, wherever they lie. */
export interface Asked {
  /** `predict`: the registry's server scores; `local`: this machine does. */
  engine?: 'local' | 'predict' | undefined;
  /** A file here, or a table beside the models: on the registry's server, or in its file. */
  output?: { file: string } | { into: string } | undefined;
  /** Whether this machine scores, too, what the server scores. */
  compare?: boolean | undefined;
}

/** Where the rows lie: in a table of the registry's server; or in a file, with the file of the registry, null on a server. */
export type RowsPlace = { table: string } | { file: string; database: string | null };

/** Throws USAGE for what does not go together. */
export function mustGoTogether({ engine, output, compare = false }: Asked, rows: RowsPlace): void {
  const into = output !== undefined && 'into' in output ? output.into : null;
  if ('file' in rows) {
    const why = rows.database === null ? `${rows.file} is a file` : 'the registry is a file';
    if (engine === 'predict') {
      throw usage(
        `--engine predict scores a table of the registry’s server, and ${why}`,
        'Leave it out to score here.',
      );
    }
    if (compare) {
      const hint = 'For example: predictable score iris --registry prod --data dbo.flowers --compare';
      throw usage(`--compare scores a table of the registry’s server, and ${why}`, hint);
    }
    outputHere(output, rows.database);
    return;
  }
  if (engine === 'local' && compare) {
    throw usage(
      '--compare holds what the server predicts against what this machine predicts',
      'Leave --engine local out.',
    );
  }
  if (engine === 'local') outputHere(output, null);
  if (compare && into !== null) {
    throw usage(
      '--compare needs the predictions here, and --into leaves them on the server',
      'Write them to a file with -o.',
    );
  }
}

/** The output of rows that are scored here; `database` is the registry's file. Throws USAGE for a table of the server. */
export function outputHere(
  output: Asked['output'],
  database: string | null,
): { file: string } | TableOutput | undefined {
  if (output === undefined || 'file' in output) return output;
  if (database !== null) return { table: output.into, database };
  throw usage(
    `--into ${output.into} is a table of the server, and the rows are scored here`,
    'Write them to a file with -o.',
  );
}

function usage(message: string, hint: string): PredictableError {
  return new PredictableError('USAGE', message, { hint });
}
