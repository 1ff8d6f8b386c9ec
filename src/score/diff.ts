/** Two versions of a model on the same rows: what would change for those who use them. */

import type { Duckdb } from '../rows/duckdb.js';
import type { Signature } from '../signature.js';
import { DEFAULT_ATOL, DEFAULT_RTOL } from '../verify/tolerance.js';
import { mustGoOn } from './cancel.js';
import { type OutputPair, pairOutputs } from './compare/outputs.js';
import { compareRows } from './compare/rows.js';
import type { DiffSummary } from './documents.js';
import { matchColumns } from './here/match-columns.js';
import { type Model, predictRows } from './here/predict-rows.js';
import { withScoringDuckdb } from './here/scoring-duckdb.js';
import { stableSource } from './here/stable-source.js';
import { openRows, type ScoreOptions, sessionOptions } from './score.js';

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

/** Errors: as score; COLUMN_MISMATCH when the two have no output in common. */
export async function diffVersions(options: DiffOptions): Promise<DiffSummary> {
  const { signal } = options;
  mustGoOn(signal);
  const pairs = pairOutputs(options.a.signature, options.b.signature);
  const inputs = Math.max(options.a.signature.inputs.length, options.b.signature.inputs.length);
  return withScoringDuckdb(signal, inputs, (duckdb) => diff(duckdb, pairs, options));
}

async function diff(duckdb: Duckdb, pairs: OutputPair[], options: DiffOptions): Promise<DiffSummary> {
  const source = await stableSource(duckdb, await openRows(duckdb, options));
  const common = { session: sessionOptions(options), signal: options.signal };
  const predict = (model: Model) =>
    predictRows(duckdb, source, model, {
      ...common,
      bindings: matchColumns(source, model.signature, mapFor(model, options)),
    });
  const [a, b] = [await predict(options.a), await predict(options.b)];
  await source.mustBeUnchanged();
  const { changedRows, outputs, worst } = await compareRows(duckdb, {
    a: a.table,
    b: b.table,
    pairs,
    tolerance: { rtol: options.rtol ?? DEFAULT_RTOL, atol: options.atol ?? DEFAULT_ATOL },
    shown: { relation: source.relation, columns: [...new Set([...a.read, ...b.read])] },
    worst: options.worst,
  });
  return {
    rows: a.rows,
    changedRows,
    shareChanged: a.rows === 0 ? 0 : changedRows / a.rows,
    outputs,
    onlyInA: onlyIn(options.a.signature, options.b.signature),
    onlyInB: onlyIn(options.b.signature, options.a.signature),
    worst: worst.map(({ shown: inputs, ...row }) => ({ ...row, inputs })),
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

function onlyIn(here: Signature, there: Signature): string[] {
  return here.outputs.map(({ name }) => name).filter((name) => !there.outputs.some((other) => other.name === name));
}
