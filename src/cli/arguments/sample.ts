/** `--sample table:NAME`: rows of the registry's file or server, which a conversion takes for rows of a file. */

import { PredictableError } from '../../errors.js';
import type { Frame } from '../../rows/frame.js';
import { namedTable } from '../../rows/source.js';
import type { TargetId } from '../../targets/targets.js';
import { withRegistry } from './with-registry.js';

interface SampleArguments {
  sample?: string | undefined;
  /** The target that was asked for: then the registry need not say it. */
  target?: TargetId | undefined;
  registry?: string | undefined;
  passwordStdin?: boolean | undefined;
  signal: AbortSignal;
}

interface RegistryFacts {
  /** As `--sample` has it, or its rows. */
  sample: string | Frame | undefined;
  /** The target whose models the registry's server takes; null for a file, which takes those of every target. */
  engine: TargetId | null;
}

/**
 * What the registry says of the models that are converted. It is opened only when one is named and it is needed; its rows
 * are read once for all models.
 */
export async function askRegistry({ sample, target, registry, ...access }: SampleArguments): Promise<RegistryFacts> {
  const table = sample === undefined ? null : namedTable(sample);
  if (registry === undefined) {
    if (table === null) return { sample, engine: null };
    throw new PredictableError('USAGE', `--sample ${sample} names a table, but no registry to look for it in`, {
      hint: 'Add --registry duckdb:FILE or --registry mssql://user@host/database.',
    });
  }
  if (table === null && target !== undefined) return { sample, engine: null };
  const [{ MOST_SAMPLE_ROWS: limit }, { readTable }, { readServerFrame }] = await Promise.all([
    import('../../convert/original.js'),
    import('../../rows/read-table.js'),
    import('../../score/server/frame.js'),
  ]);
  return withRegistry({ ...access, registry }, 'read', async (opened): Promise<RegistryFacts> => {
    const there = opened.onServer();
    if (there === null) {
      const database = opened.file ?? undefined;
      const rows = sample === undefined || table === null ? sample : await readTable(sample, { database, limit });
      return { sample: rows, engine: null };
    }
    const rows = table === null ? sample : await readServerFrame(there.server, table, limit);
    return { sample: rows, engine: await there.engine() };
  });
}
