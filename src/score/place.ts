/** Where a model is scored, and on which rows: those of a file or table, by this machine or by the registry's server. */

import type { BuildProgress } from '../environments/ensure.js';
import type { Registry, ServerRegistry } from '../registry/registry.js';
import { serverTableName } from '../rows/table-name.js';
import { ensureRuntime } from '../runtimes/ensure.js';
import type { EcKey } from '../signing/keys.js';
import { type DiffOptions, diffVersions } from './diff.js';
import type { DiffSummary } from './documents.js';
import { type Asked, mustGoTogether, outputHere, type RowsPlace } from './goes-together.js';
import { type ScoreOptions, score } from './score.js';
import { scoreTable } from './score-table.js';
import { scoringModel } from './scoring-model.js';
import type { TableScoreSummary } from './server/options.js';
import { openServerTable, readColumns, readServerTable } from './server/table.js';

export interface ScoreRowsOptions
  extends Asked,
    RowsOptions,
    Pick<ScoreOptions, 'keys' | 'timeout' | 'memory' | 'onProgress'> {
  /** The model: name, name@3 or name@alias. */
  name: string;
  /** Refuses a version that none of these keys signed. */
  requireSignature?: EcKey[] | undefined;
}

export interface DiffRowsOptions extends RowsOptions, Pick<DiffOptions, 'rtol' | 'atol' | 'worst'> {
  /** The two models, as `name` of a score. */
  a: string;
  b: string;
}

interface RowsOptions extends Pick<ScoreOptions, 'map' | 'signal'> {
  /** A file, `duckdb:FILE#TABLE`, or a table beside the models: `table:NAME`, and the name alone on a server. */
  data: string;
  /** Called while the ONNX Runtime comes along, where it must be fetched first. */
  onSetup?: ((progress: BuildProgress) => void) | undefined;
}

/** What was decided while the registry was open. */
export interface Resolved<T> {
  /** Whether `run` asks the registry's server; else the registry may be closed before, and its file may be written to. */
  needsRegistry: boolean;
  run(): Promise<T>;
}

/** Scores rows where they lie: see resolveScore. */
export async function scoreRows(registry: Registry, options: ScoreRowsOptions): Promise<TableScoreSummary> {
  return (await resolveScore(registry, options)).run();
}

/** Holds two versions against each other: see resolveDiff. */
export async function diffRows(registry: Registry, options: DiffRowsOptions): Promise<DiffSummary> {
  return (await resolveDiff(registry, options)).run();
}

/** Throws USAGE for what does not go together, before anything is read; and what reading the model throws. */
export async function resolveScore(
  registry: Registry,
  options: ScoreRowsOptions,
): Promise<Resolved<TableScoreSummary>> {
  const place = await placeOf(registry, options.data);
  mustGoTogether(options, place.rows);
  if ('server' in place) return { needsRegistry: true, run: () => scoreOnServer(place, options) };
  const { data, map, keys, timeout, memory, onProgress, signal } = options;
  const { file: database } = registry;
  const output = outputHere(options.output, database);
  const { version, model } = await scoringModel(registry, options.name, options.requireSignature);
  const run = async (): Promise<TableScoreSummary> => {
    await runtimeHere(options);
    const rows = { data, database: database ?? undefined, map, keys };
    const summary = await score({ ...model, ...rows, output, timeout, memory, onProgress, signal });
    return { ...summary, version, engine: 'local', comparison: null, leftOut: [] };
  };
  return { needsRegistry: false, run };
}

/** Throws what reading the models throws. */
export async function resolveDiff(registry: Registry, options: DiffRowsOptions): Promise<Resolved<DiffSummary>> {
  const { data, map, rtol, atol, worst, signal } = options;
  const [a, b] = [(await scoringModel(registry, options.a)).model, (await scoringModel(registry, options.b)).model];
  const place = await placeOf(registry, data);
  const run = async () => {
    await runtimeHere(options);
    const origin = a.origin === 'made' ? b.origin : 'foreign';
    const rows = 'server' in place ? await rowsOfServer(place) : { data, database: registry.file ?? undefined };
    return diffVersions({ a, b, origin, ...rows, map, rtol, atol, worst, signal });
  };
  return { needsRegistry: 'server' in place, run };
}

type Place = { rows: { table: string }; server: ServerRegistry } | { rows: Extract<RowsPlace, { file: string }> };

async function placeOf(registry: Registry, data: string): Promise<Place> {
  const server = registry.onServer();
  const table = server === null ? null : await serverTableName(data);
  if (server !== null && table !== null) return { rows: { table }, server };
  return { rows: { file: data, database: registry.file } };
}

async function scoreOnServer(
  { rows: { table }, server: registry }: Extract<Place, { server: ServerRegistry }>,
  options: ScoreRowsOptions,
): Promise<TableScoreSummary> {
  const { name, requireSignature, map, keys, compare, output, timeout, memory, onProgress, signal } = options;
  const engine = options.engine ?? 'predict';
  if (engine === 'local' || compare === true) await runtimeHere(options);
  const limits = { timeout, memory, onProgress, signal };
  return scoreTable({ registry, name, requireSignature, table, engine, output, map, keys, compare, ...limits });
}

async function rowsOfServer({
  rows,
  server: { server },
}: Extract<Place, { server: ServerRegistry }>): Promise<Pick<ScoreOptions, 'data'>> {
  const table = await openServerTable(server, rows.table);
  return { data: (duckdb) => readServerTable(duckdb, table, readColumns(table)) };
}

/** It is fetched by the first command that scores. */
async function runtimeHere({ onSetup, signal }: Pick<RowsOptions, 'onSetup' | 'signal'>): Promise<void> {
  await ensureRuntime('1.30.0', { onProgress: onSetup, signal });
}
