/** Two versions of a model on the same rows: what would change for those who use them. */

import { identifier } from '../rows/duckdb-text.js';
import { type Engine, openEngine } from '../rows/engine.js';
import { openSource, type Source } from '../rows/source.js';
import type { Signature } from '../signature.js';
import { DEFAULT_ATOL, DEFAULT_RTOL } from '../verify/verification.js';
import {
  changedSql,
  compareOutput,
  distanceSql,
  type OutputDiff,
  type OutputPair,
  pairOutputs,
  type Tolerance,
} from './compare-outputs.js';
import { type Model, mustGoOn, type Predictions, predictRows } from './predictions.js';
import { type PlainValue, plainRow } from './preview.js';
import { type ScoreOptions, sessionOptions } from './score.js';
import { stableSource } from './stable-source.js';

export interface DiffOptions
  extends Pick<ScoreOptions, 'data' | 'database' | 'map' | 'runtime' | 'origin' | 'timeout' | 'memory' | 'signal'> {
  a: Model;
  b: Model;
  /** Numbers that differ by no more than atol + rtol · |a| count as the same. */
  rtol?: number | undefined;
  atol?: number | undefined;
  /** How many of the rows that differ most are shown; 10 by default. */
  worst?: number | undefined;
}

export interface DiffSummary {
  rows: number;
  /** Rows with another label; of a model without labels, rows with a number that differs by more than the tolerance. */
  changedRows: number;
  /** changedRows / rows, 0 when there are no rows. */
  shareChanged: number;
  outputs: OutputDiff[];
  /** Outputs that only one of the two has. */
  onlyInA: string[];
  onlyInB: string[];
  /** Rows with another label first, then by the largest difference. */
  worst: WorstRow[];
}

export interface WorstRow {
  /** Counted from 1. */
  row: number;
  /** Columns of the data that either version reads. */
  inputs: Record<string, PlainValue>;
  /** Outputs that both have; labels as text. */
  a: Record<string, PlainValue>;
  b: Record<string, PlainValue>;
}

const WORST_ROWS = 10;
const MEMORY_LIMIT = '400MB';

/** Errors: as score; COLUMN_MISMATCH when the two have no output in common. */
export async function diffVersions(options: DiffOptions): Promise<DiffSummary> {
  const { signal } = options;
  mustGoOn(signal);
  const pairs = pairOutputs(options.a.signature, options.b.signature);
  const engine = await openEngine({ memoryLimit: MEMORY_LIMIT });
  const interrupt = () => engine.connection.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    return await diff(engine, pairs, options);
  } catch (error) {
    mustGoOn(signal);
    throw error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
    await engine.close();
  }
}

async function diff(engine: Engine, pairs: OutputPair[], options: DiffOptions): Promise<DiffSummary> {
  const source = await stableSource(engine, await openSource(engine, options.data, options.database));
  const common = { session: sessionOptions(options), signal: options.signal };
  const a = await predictRows(engine, source, options.a, { ...common, map: mapFor(options.a, options) });
  const b = await predictRows(engine, source, options.b, { ...common, map: mapFor(options.b, options) });
  await source.mustBeUnchanged();
  const both = `${a.table} AS a POSITIONAL JOIN ${b.table} AS b`;
  const tolerance = { rtol: options.rtol ?? DEFAULT_RTOL, atol: options.atol ?? DEFAULT_ATOL };
  const outputs: OutputDiff[] = [];
  for (const pair of pairs) outputs.push(await compareOutput(engine, both, pair, tolerance));
  const changedRows = await countChanged(engine, both, pairs, tolerance);
  return {
    rows: a.rows,
    changedRows,
    shareChanged: a.rows === 0 ? 0 : changedRows / a.rows,
    outputs,
    onlyInA: onlyIn(options.a.signature, options.b.signature),
    onlyInB: onlyIn(options.b.signature, options.a.signature),
    worst: await worstRows(engine, source, a, b, pairs, options.worst ?? WORST_ROWS),
  };
}

/** A map to an input that only the other version has says nothing about this one. */
function mapFor({ signature }: Model, { a, b, map = {} }: DiffOptions): Record<string, string> {
  const has = (model: Model, name: string) =>
    model.signature.inputs.some((input) => input.name.toLowerCase() === name.toLowerCase());
  const own = new Set(signature.inputs.map(({ name }) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(map).filter(([, input]) => own.has(input.toLowerCase()) || !(has(a, input) || has(b, input))),
  );
}

async function countChanged(engine: Engine, both: string, pairs: OutputPair[], tolerance: Tolerance): Promise<number> {
  const labels = pairs.filter(({ isLabel }) => isLabel);
  const changed = (labels.length > 0 ? labels : pairs).map((pair) => changedSql(pair, tolerance)).join(' OR ');
  const [row] = await engine.rows(`SELECT count(*) FILTER (${changed}) AS changed FROM ${both}`);
  return Number(row?.changed ?? 0);
}

async function worstRows(
  engine: Engine,
  source: Source,
  a: Predictions,
  b: Predictions,
  pairs: OutputPair[],
  limit: number,
): Promise<WorstRow[]> {
  const inputs = [...new Set([...a.read, ...b.read])];
  const exactly: Tolerance = { rtol: 0, atol: 0 };
  const labels = pairs.filter(({ isLabel }) => isLabel).map((pair) => changedSql(pair, exactly));
  const distances = pairs.filter(({ isLabel }) => !isLabel).map(distanceSql);
  const columns = [
    ...inputs.map((name, index) => `s.${identifier(name)} AS i${index}`),
    ...pairs.flatMap((pair, index) => [`${pair.a} AS a${index}`, `${pair.b} AS b${index}`]),
    `${labels.length === 0 ? 'false' : labels.join(' OR ')} AS relabelled`,
    `greatest(0, ${distances.length === 0 ? '0' : distances.join(', ')}) AS distance`,
  ];
  const rows = await engine.rows(
    `SELECT * FROM (SELECT row_number() OVER () AS position, ${columns.join(', ')}
       FROM ${source.relation} AS s POSITIONAL JOIN ${a.table} AS a POSITIONAL JOIN ${b.table} AS b)
     WHERE relabelled OR distance > 0 ORDER BY relabelled DESC, distance DESC, position
     LIMIT ${Math.max(0, Math.trunc(limit))}`,
  );
  return rows.map(plainRow).map((row) => ({
    row: Number(row.position),
    inputs: Object.fromEntries(inputs.map((name, index) => [name, row[`i${index}`] ?? null])),
    a: Object.fromEntries(pairs.map(({ name }, index) => [name, row[`a${index}`] ?? null])),
    b: Object.fromEntries(pairs.map(({ name }, index) => [name, row[`b${index}`] ?? null])),
  }));
}

function onlyIn(here: Signature, there: Signature): string[] {
  return here.outputs.map(({ name }) => name).filter((name) => !there.outputs.some((other) => other.name === name));
}
