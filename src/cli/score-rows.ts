/** Where the rows of score and diff come from, and where they are scored: a file or a table, here or on the server. */

import type { BuildProgress } from '../environments/ensure.js';
import { PredictableError } from '../errors.js';
import type { MssqlRegistry } from '../registry/mssql/registry.js';
import { onServer } from '../registry/on-server.js';
import { serverTableName } from '../rows/table-name.js';
import { ensureRuntime } from '../runtimes/ensure.js';
import { type DiffSummary, diffVersions } from '../score/diff.js';
import { type ScoreOptions, score } from '../score/score.js';
import { scoreTable } from '../score/score-table.js';
import { scoringModel } from '../score/scoring-model.js';
import type { TableScoreSummary } from '../score/server/options.js';
import { openServerTable, readColumns, readServerTable } from '../score/server/table.js';
import { fileOf, type RegistryArguments, withRegistry } from './arguments/with-registry.js';

export interface ScoreArguments
  extends RegistryArguments,
    Pick<ScoreOptions, 'map' | 'keys' | 'timeout' | 'onProgress' | 'signal'> {
  name: string;
  data: string;
  output?: string | undefined;
  into?: string | undefined;
  engine?: 'local' | 'predict' | 'plain' | undefined;
  compare: boolean;
  /** How the runtime comes along, where it must be fetched first. */
  onSetup: (progress: BuildProgress) => void;
}

export interface ScoredRows extends TableScoreSummary {
  /** Without secrets. */
  registry: string;
}

/** Throws USAGE for what does not go together, before anything is read. */
export async function scoreRows(args: ScoreArguments): Promise<ScoredRows> {
  if (args.engine === 'plain') {
    throw usage('--engine plain is not there yet', 'It is coming. Until then: --engine local.');
  }
  const work = await withRegistry(args, 'read', async (registry) => {
    const server = onServer(registry);
    const table = server === null ? null : await serverTableName(args.data);
    if (server !== null && table !== null) {
      return { url: registry.url, scored: await scoreOnServer(args, server, table) };
    }
    mustFitFile(args, server !== null);
    return { url: registry.url, read: await scoringModel(registry, args.name) };
  });
  if (work.scored !== undefined) return { ...work.scored, registry: work.url };
  return { ...(await scoreHere(args, work.read)), registry: work.url };
}

export interface DiffArguments
  extends RegistryArguments,
    Pick<ScoreOptions, 'map' | 'signal'>,
    Pick<ScoreArguments, 'onSetup'> {
  a: string;
  b: string;
  data: string;
}

export async function diffRows(args: DiffArguments): Promise<DiffSummary & { registry: string }> {
  await runtimeHere(args);
  const work = await withRegistry(args, 'read', async (registry) => {
    const [a, b] = [(await scoringModel(registry, args.a)).model, (await scoringModel(registry, args.b)).model];
    const origin = a.origin === 'made' ? b.origin : 'foreign';
    const options = { a, b, origin, map: args.map, signal: args.signal } as const;
    const server = onServer(registry);
    const name = server === null ? null : await serverTableName(args.data);
    if (server === null || name === null) return { url: registry.url, options, difference: null };
    const table = await openServerTable(server.server, name);
    const data: ScoreOptions['data'] = (engine) => readServerTable(engine, table, readColumns(table));
    return { url: registry.url, options, difference: await diffVersions({ ...options, data }) };
  });
  const rows = { data: args.data, database: fileOf(args.registry) };
  return { ...(work.difference ?? (await diffVersions({ ...work.options, ...rows }))), registry: work.url };
}

async function scoreOnServer(args: ScoreArguments, registry: MssqlRegistry, table: string): Promise<TableScoreSummary> {
  const { name, map, keys, compare, timeout, onProgress, signal } = args;
  const engine = args.engine === 'local' ? 'local' : 'predict';
  if (engine === 'local' || compare) await runtimeHere(args);
  const output =
    args.output !== undefined ? { file: args.output } : args.into !== undefined ? { into: args.into } : undefined;
  return scoreTable({ registry, name, table, engine, output, map, keys, compare, timeout, onProgress, signal });
}

/** The registry is closed by now: its file may be the one that is written to. */
async function scoreHere(
  args: ScoreArguments,
  { version, model }: Awaited<ReturnType<typeof scoringModel>>,
): Promise<TableScoreSummary> {
  await runtimeHere(args);
  const { data, map, keys, timeout, onProgress, signal } = args;
  const database = fileOf(args.registry);
  const output =
    args.output !== undefined
      ? { file: args.output }
      : args.into !== undefined
        ? { table: args.into, database }
        : undefined;
  const summary = await score({ ...model, data, database, map, keys, output, timeout, onProgress, signal });
  return { ...summary, version, engine: 'local', comparison: null, leftOut: [] };
}

/** It is fetched by the first command that scores. */
async function runtimeHere({ onSetup, signal }: Pick<ScoreArguments, 'onSetup' | 'signal'>): Promise<void> {
  await ensureRuntime('1.30.0', { onProgress: onSetup, signal });
}

/** What is said of a file: a table of the server has its own rules (scoreTable). */
function mustFitFile({ engine, compare, into, data }: ScoreArguments, onServer: boolean): void {
  const why = onServer ? `${data} is a file` : 'the registry is a file';
  if (engine === 'predict') {
    throw usage(`--engine predict scores a table of the registry’s server, and ${why}`, 'Leave it out to score here.');
  }
  if (compare) {
    const hint = 'For example: predictable score iris --registry prod --data dbo.flowers --compare';
    throw usage(`--compare scores a table of the registry’s server, and ${why}`, hint);
  }
  if (onServer && into !== undefined) {
    throw usage(
      `--into ${into} is a table of the server, and the rows are scored here`,
      'Write them to a file with -o.',
    );
  }
}

function usage(message: string, hint: string): PredictableError {
  return new PredictableError('USAGE', message, { hint });
}
