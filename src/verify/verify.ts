/** Does the normalised ONNX predict what the original predicts, in every runtime of its target, at every batch size? */

import { PredictableError } from '../errors.js';
import type { Top } from '../graph/metadata.js';
import { type EncodedRows, encodeRows, feedsOf, type NumericValues } from '../inference/feeds.js';
import { openSession } from '../inference/open.js';
import type { Session, SessionOptions } from '../inference/session.js';
import type { Frame } from '../rows/frame.js';
import type { OutputColumn, Signature } from '../signature.js';
import type { RuntimeVersion } from '../targets/targets.js';
import { type ColumnDifference, compareColumn, expectedColumn, shownValue, type Tolerance } from './compare.js';
import { atTheEdge, countProbes, type Probe, type ProbeCounts, withTied } from './probes.js';
import { roundedColumns } from './rounded-columns.js';
import { type SideBySide, sideBySide } from './side-by-side.js';
import { withoutTies } from './ties.js';
import { DEFAULT_ATOL, DEFAULT_RTOL } from './tolerance.js';
import { compareClasses, type Predictions, withTop } from './top.js';
import type { Verification } from './verification.js';
import { type Outside, worstRows } from './worst.js';

export interface VerifyRequest {
  /** Of a model that takes any number of rows: see `withOpenBatch`. */
  bytes: Uint8Array;
  signature: Signature;
  /** The original rows, one column a model column. */
  rows: Frame;
  rowsSource: Verification['rowsSource'];
  reference: Verification['reference'];
  /** Of the last rows, which are probes. */
  probes?: ProbeRows | null | undefined;
  /** What the original predicts on the rows rounded to the column types: this decides. */
  expected: Frame;
  /** Of a model made with `--top`: `expected` holds all columns that the largest are taken of. */
  top?: Top | null | undefined;
  /** Rows that are not there, since the original itself does not decide them, by kind. */
  undecided?: Record<string, number> | undefined;
  /** Whether the original computes in float32 itself. */
  float32?: boolean | undefined;
  /** What it predicts on the rows as they are; null when rounding changes none. */
  expectedUnrounded: Frame | null;
  runtimes: readonly RuntimeVersion[];
  /** Runtimes of the target that this machine does not have. */
  runtimesNotChecked?: readonly RuntimeVersion[];
  origin: SessionOptions['origin'];
  timeout?: number | undefined;
  tolerance?: Partial<Tolerance> | undefined;
  /** Whether to keep the predictions of the first runtime, side by side with the original's. */
  evidence?: boolean | undefined;
}

/** A probe for each of the last rows, and what is known of those that are not there. */
interface ProbeRows extends Pick<ProbeCounts, 'refused' | 'limited'> {
  rows: Probe[];
}

export interface Verified {
  verification: Verification;
  /** Null when no evidence was asked for. */
  sides: SideBySide | null;
}

/** A batch dimension that an exporter fixed shows at one of these sizes, or at all rows. */
const BATCH_SIZES = [1, 2, 7];

/** From here on the runtimes take turns: each holds a large model more than once while it loads it. */
const LARGE_BYTES = 16 * 2 ** 20;

/** Never throws for a model that predicts otherwise: that is a result. A graph that does not run is INFERENCE_FAILED. */
export async function verify(request: VerifyRequest): Promise<Verified> {
  const tolerance = { rtol: request.tolerance?.rtol ?? DEFAULT_RTOL, atol: request.tolerance?.atol ?? DEFAULT_ATOL };
  const encoded = encodeRows(request.rows, request.signature);
  const tied = new Set<number>();
  const ranked = (frame: Frame): Predictions => withTop(frame, request.top ?? null, request.signature.outputs);
  const comparing: Comparing = {
    request,
    encoded,
    expected: ranked(request.expected),
    expectedUnrounded: request.expectedUnrounded && ranked(request.expectedUnrounded),
    tolerance,
    tied,
  };
  const run = (runtime: RuntimeVersion) => verifyIn(runtime, comparing);
  const perRuntime =
    request.bytes.length < LARGE_BYTES
      ? await Promise.all(request.runtimes.map(run))
      : await inTurn(request.runtimes, run);
  const totals = perRuntime.map(({ total }) => total);
  const outside = perRuntime.flatMap((result) => result.outside);
  const { probes } = request;
  const sampled = sampledRows(request);
  const rounded = roundedColumns(request.rows, request.signature);
  const undecided = withTied(request.undecided ?? {}, tied, probes?.rows ?? [], sampled);
  const verification: Verification = {
    status: outside.length > 0 ? 'failed' : request.reference === 'onnx' ? 'unavailable' : 'passed',
    rows: sampled,
    rowsSource: request.rowsSource,
    reference: request.reference,
    runtimes: [...request.runtimes],
    runtimesNotChecked: [...(request.runtimesNotChecked ?? [])],
    maxAbsDiff: Math.max(0, ...totals.map(({ maxAbsDiff }) => maxAbsDiff)),
    maxRelDiff: Math.max(0, ...totals.map(({ maxRelDiff }) => maxRelDiff)),
    labelMismatches: Math.max(0, ...totals.map(({ labelMismatches }) => labelMismatches)),
    ...tolerance,
    probes: probes ? countProbes(probes.rows, (at) => encoded.replaced[sampled + at] === 1, probes) : null,
    ...(Object.keys(undecided).length > 0 ? { undecided } : {}),
    rounding: {
      ...(perRuntime[0]?.rounding ?? { rowsChanged: 0, maxAbsDiff: 0 }),
      ...(rounded.length > 0 ? { columns: rounded } : {}),
    },
  };
  if (outside.length > 0) verification.worst = worstRows(outside, request.rows, probes?.rows ?? []);
  return { verification, sides: perRuntime[0]?.sides ?? null };
}

async function inTurn<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await act(item));
  return results;
}

/** What every batch of every runtime is held against, and how. */
interface Comparing {
  request: VerifyRequest;
  /** The rows as the model takes them. */
  encoded: EncodedRows;
  /** What the original predicts on the rounded rows, and on the rows as they are; null when rounding changes none. */
  expected: Predictions;
  expectedUnrounded: Predictions | null;
  tolerance: Tolerance;
  /** Rows whose label is another one, where the original's two largest scores are all but equal. */
  tied: Set<number>;
}

/** The model's predictions, one array an output. */
type Got = ReadonlyMap<string, NumericValues>;

interface RuntimeResult {
  total: ColumnDifference;
  outside: Outside[];
  rounding: RoundingCost;
  sides: SideBySide | null;
}

async function verifyIn(runtime: RuntimeVersion, comparing: Comparing): Promise<RuntimeResult> {
  const { request, encoded, expected } = comparing;
  const { bytes, signature, origin, timeout } = request;
  const session = await openSession(bytes, { runtime, origin, timeout });
  try {
    const sizes = [...BATCH_SIZES.filter((size) => size < encoded.rows), encoded.rows];
    const total: ColumnDifference = { maxAbsDiff: 0, maxRelDiff: 0, labelMismatches: 0, outside: [] };
    const outside: Outside[] = [];
    let got: Got = new Map();
    for (const size of sizes) {
      got = await predict(session.run, comparing, size, runtime);
      for (const { output, difference } of compareAll(comparing, expected, got)) {
        add(total, difference, size === encoded.rows);
        for (const { row, excess } of difference.outside) {
          outside.push({
            row,
            excess,
            output,
            runtime,
            expected: shownValue(expectedColumn(expected.frame, output)?.values ?? [], row),
            got: shownValue(got.get(output.name) ?? new Float32Array(), row, output.labels),
          });
        }
      }
    }
    const kept = request.evidence === true && runtime === request.runtimes[0];
    return {
      total,
      outside,
      rounding: roundingCost(comparing, got),
      sides: kept
        ? sideBySide(
            signature.outputs,
            expected.frame,
            got,
            skipping(comparing, () => true),
          )
        : null,
    };
  } finally {
    await session.close();
  }
}

async function predict(
  run: Session['run'],
  { request: { signature }, encoded }: Comparing,
  size: number,
  runtime: string,
): Promise<Got> {
  const results = await run(feedsOf(encoded, size));
  const columns = new Map<string, NumericValues>();
  for (const { name, type } of signature.outputs) {
    const result = Object.hasOwn(results, name) ? results[name] : undefined;
    const [rows, width] = result?.shape ?? [];
    if (result === undefined || result.type !== type || rows !== size || width !== 1) {
      const got = result === undefined ? 'nothing' : `${result.type} [${result.shape.join(',')}]`;
      throw new PredictableError(
        'VERIFICATION_FAILED',
        `output ${name} should be ${type} [${size},1], ONNX Runtime ${runtime} gives ${got}`,
        { hint: 'The graph does not keep the columnar contract at this batch size: please report the model.' },
      );
    }
    columns.set(name, result.data as NumericValues);
  }
  return columns;
}

/** Rows where a policy stands in for a value are left out: the original knows no such policy. */
function compareAll(
  { request, encoded, tolerance, tied }: Comparing,
  expected: Predictions,
  got: Got,
  skip = encoded.replaced,
): { output: OutputColumn; difference: ColumnDifference }[] {
  const { signature, top = null } = request;
  return signature.outputs.map((output) => {
    const reference = expectedColumn(expected.frame, output);
    const values = got.get(output.name);
    if (reference === undefined || values === undefined) {
      throw new PredictableError('INTERNAL', `the original's predictions have no column ${output.name}`);
    }
    const classes = compareClasses(output, expected, top, values, tolerance, skip);
    if (classes !== null) return { output, difference: classes };
    const difference = compareColumn(output, reference, values, tolerance, skip, sampledRows(request));
    const { float32 = false } = request;
    return {
      output,
      difference: float32 ? withoutTies(difference, output, signature.outputs, expected.frame, tied) : difference,
    };
  });
}

type RoundingCost = Omit<Verification['rounding'], 'columns'>;

/** What columns of a narrower type cost: the model's predictions against the original's on the rows as they were. */
function roundingCost(comparing: Comparing, got: Got): RoundingCost {
  const { expectedUnrounded } = comparing;
  if (expectedUnrounded === null) return { rowsChanged: 0, maxAbsDiff: 0 };
  const skipped = skipping(comparing, atTheEdge);
  const differences = compareAll(comparing, expectedUnrounded, got, skipped);
  const rows = new Set(differences.flatMap(({ difference }) => difference.outside.map(({ row }) => row)));
  return {
    rowsChanged: rows.size,
    rows: skipped.length - skipped.reduce((count, skip) => count + skip, 0),
    maxAbsDiff: Math.max(...differences.map(({ difference }) => difference.maxAbsDiff)),
  };
}

/** How many rows come before the probes. */
function sampledRows({ rows, probes }: VerifyRequest): number {
  return rows.rows - (probes?.rows.length ?? 0);
}

/** What is skipped anyway, and such probes. */
function skipping({ request, encoded: { replaced } }: Comparing, such: (probe: Probe) => boolean): Uint8Array {
  const from = sampledRows(request);
  const skip = replaced.slice();
  for (const [at, probe] of (request.probes?.rows ?? []).entries()) if (such(probe)) skip[from + at] = 1;
  return skip;
}

/** Small batches repeat the first rows, so only the run over all rows counts labels. */
function add(total: ColumnDifference, difference: ColumnDifference, countLabels: boolean): void {
  total.maxAbsDiff = Math.max(total.maxAbsDiff, difference.maxAbsDiff);
  total.maxRelDiff = Math.max(total.maxRelDiff, difference.maxRelDiff);
  if (countLabels) total.labelMismatches += difference.labelMismatches;
}
