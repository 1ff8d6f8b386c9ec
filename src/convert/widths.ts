/** How wide the columns of numbers are: real, unless that changes what the original predicts and float does not. */

import { type ErrorCode, PredictableError } from '../errors.js';
import type { Verification } from '../verify/verification.js';
import type { Warning } from '../warnings.js';
import type { ConvertedModel } from './converted-model.js';

/** `wide`: columns of double beside those that the converter finds, while the rest is float; null where all are of the precision. */
export interface Widths {
  precision: 'float' | 'double';
  wide: string[] | null;
}

type Run = (widths: Widths) => Promise<ConvertedModel>;

/** The share of the rows that may change by rounding, where nothing helps against it. */
export const MOST_ROUNDED = 0.01;

/** What says that a model has no form for wider columns, or that a runtime lacks a kernel for it. */
const NOT_WIDER = new Set<ErrorCode>([
  'UNSUPPORTED_TYPE',
  'UNSUPPORTED_MODEL',
  'UNSUPPORTED_OPERATOR',
  'INFERENCE_FAILED',
]);

/**
 * The converter chooses by the model, where that compares doubles; then the sample by what rounding changes: only columns that
 * hold numbers which real does not are made wider. A choice that has been made is kept to.
 */
export async function byWidths(wanted: 'float' | 'double' | 'auto', run: Run): Promise<ConvertedModel> {
  if (wanted !== 'auto') return withRoundingWarning(await run({ precision: wanted, wide: null }));
  const real = await asTheConverterFinds(run);
  if (exact(real)) return withWidthNote(real, null);
  if (real.verification.status !== 'failed' && real.verification.rowsSource === 'synthetic') {
    // Rows that are made up lie where rounding matters most: they say nothing of the rows that will come.
    return withRoundingWarning(withWidthNote(real, null));
  }
  const { columns = [] } = real.verification.rounding;
  const chosen = wideColumns(real);
  // The column that loses most, which often is alone in it; then all that lose any digit.
  const tries: Widths[] = [
    ...[columns.slice(0, 1), columns]
      .filter((wide, at) => wide.length > at)
      .map((wide) => ({ precision: 'float' as const, wide: [...chosen, ...wide] })),
    { precision: 'double', wide: null },
  ];
  let best = real;
  for (const widths of tries) {
    const wider = await unlessUnsupported(() => run(widths));
    if (wider !== null && closer(wider.verification, best.verification)) best = wider;
    if (exact(best)) break;
  }
  return withRoundingWarning(withWidthNote(best, real.verification));
}

async function asTheConverterFinds(run: Run): Promise<ConvertedModel> {
  const narrow: Widths = { precision: 'float', wide: null };
  let failed: unknown;
  try {
    const found = await run({ precision: 'float', wide: [] });
    if (found.verification.status !== 'failed' || wideColumns(found).length === 0) return found;
    const real = await unlessUnsupported(() => run(narrow));
    return real !== null && closer(real.verification, found.verification) ? real : found;
  } catch (error) {
    if (!(error instanceof PredictableError && ['UNSUPPORTED_TYPE', 'INFERENCE_FAILED'].includes(error.code)))
      throw error;
    failed = error;
  }
  const real = await unlessUnsupported(() => run(narrow));
  if (real === null) throw failed;
  return real;
}

async function unlessUnsupported(run: () => Promise<ConvertedModel>): Promise<ConvertedModel | null> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof PredictableError && NOT_WIDER.has(error.code)) return null;
    throw error;
  }
}

/** Nothing is to be had from wider columns. */
function exact({ verification: { status, rounding } }: ConvertedModel): boolean {
  return status !== 'failed' && rounding.rowsChanged === 0;
}

function closer(a: Verification, b: Verification): boolean {
  if (a.status !== b.status) return b.status === 'failed';
  if (a.rounding.rowsChanged !== b.rounding.rowsChanged) return a.rounding.rowsChanged < b.rounding.rowsChanged;
  return a.maxAbsDiff + a.rounding.maxAbsDiff < b.maxAbsDiff + b.rounding.maxAbsDiff;
}

function wideColumns({ normalized }: ConvertedModel): string[] {
  return normalized.signature.inputs.filter(({ type }) => type === 'double').map(({ name }) => name);
}

/** `real`: what the model with real columns came to, where it was made. */
function withWidthNote(model: ConvertedModel, real: Verification | null): ConvertedModel {
  const columns = wideColumns(model);
  if (columns.length === 0) return model;
  const changed = real?.rounding.rowsChanged ?? 0;
  const why =
    changed > 0
      ? `real would change ${changed} of ${lookedAt(real)}`
      : 'the model tells numbers apart that are one in real';
  return withWarning(model, { code: 'WIDER_COLUMNS', message: `${listed(columns)} float: ${why}` });
}

function withRoundingWarning(model: ConvertedModel): ConvertedModel {
  const { rounding } = model.verification;
  if (rounding.rowsChanged === 0) return model;
  return withWarning(model, { code: 'FLOAT_ROUNDING', message: `${roundingCost(model.verification)}${wayOut(model)}` });
}

/** `12 of 300 rows change by up to 0.5 when their numbers are rounded to real columns`. */
export function roundingCost(verification: Verification): string {
  const { rounding } = verification;
  const change = rounding.rowsChanged === 1 ? 'changes' : 'change';
  const cost = `by up to ${rounding.maxAbsDiff.toPrecision(2)}`;
  return `${rounding.rowsChanged} of ${lookedAt(verification)} ${change} ${cost} when numbers are rounded to real columns`;
}

/** What was not tried. */
function wayOut({ provenance, verification }: ConvertedModel): string {
  if (verification.rowsSource === 'synthetic')
    return '; with a sample (--sample) it shows whether float columns are needed';
  return provenance.options.precision === 'float' ? '; --precision auto makes them float columns where that helps' : '';
}

/** Whether rounding changes more rows than a model may that nobody has allowed to. */
export function roundsTooMuch({ rounding, rows, rowsSource }: Verification): boolean {
  return rowsSource === 'sample' && rounding.rowsChanged > MOST_ROUNDED * (rounding.rows ?? rows);
}

/** `300 rows`, or `2,100 rows and probes`. */
function lookedAt(verification: Verification | null): string {
  const rows = verification?.rows ?? 0;
  const all = verification?.rounding.rows ?? rows;
  return all > rows ? `${all.toLocaleString('en-US')} rows and probes` : counted(rows);
}

function withWarning(model: ConvertedModel, warning: Warning): ConvertedModel {
  return { ...model, warnings: [...model.warnings, warning] };
}

function counted(rows: number): string {
  return `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`;
}

function listed(columns: string[]): string {
  const shown = columns.slice(0, SHOWN).join(', ');
  const more = columns.length > SHOWN ? ` and ${columns.length - SHOWN} more` : '';
  return columns.length === 1 ? `column ${shown} is` : `columns ${shown}${more} are`;
}

/** Columns that a line names. */
const SHOWN = 8;
