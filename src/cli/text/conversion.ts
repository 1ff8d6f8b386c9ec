/** A conversion in words: what went in, what came out, and how far it is proved. */

import path from 'node:path';
import type { Conversion } from '../../convert/document.js';
import { probesText, undecidedText } from '../../report/page/probes.js';
import { firstAdvice } from '../../report/page/text.js';
import { inLine } from '../../report/page/visible.js';
import { forShell } from '../../shell.js';
import type { InputColumn, OutputColumn } from '../../signature.js';
import { TARGETS } from '../../targets/targets.js';
import type { Verification } from '../../verify/verification.js';
import { count, difference, type Output, plural, size, table } from '../output.js';

/** Names that fit on a line. */
const MOST_NAMES = 6;

/** `title` is the converter's name for people. */
export function printConversion(result: Conversion, title: string, output: Output): void {
  const names = [result.source, path.basename(result.source)];
  if (result.status === 'failed' && result.error !== undefined && result.output === undefined) {
    output.paragraph(
      `${output.style('red', '✗')} ${output.style('bold', inLine(result.name))}  ${result.error.code}: ${result.error.message}`,
      names,
    );
    if (result.error.hint !== undefined) output.paragraph(`  ${result.error.hint}`, names, '');
    for (const line of worstRows(result.verification)) output.line(line);
    return;
  }
  const mark = result.status === 'converted' ? output.style('green', '✓') : output.style('red', '✗');
  const opset = `opset ${result.opsets?.[''] ?? result.opsets?.['ai.onnx.ml']}, IR ${result.ir}`;
  output.line(
    `${mark} ${output.style('bold', result.name)}  ${result.model} → ${result.output}  ${size(result.bytes ?? 0)}  for ${TARGETS[result.target].title} (${opset})`,
  );
  output.line(`  in   ${describeInputs(result.inputs ?? [])}`);
  output.line(`  out  ${describeOutputs(result.outputs ?? [])}`);
  for (const line of describeVerification(result, title)) output.line(`  ${line}`);
  for (const { message } of result.warnings) output.paragraph(`  ${output.style('yellow', '!')} ${message}`, names);
}

export function printSummary(results: Conversion[], output: Output): void {
  const converted = results.filter(({ status }) => status === 'converted');
  if (results.length > 1) {
    output.line();
    output.line(
      `${plural(results.length, 'model')}: ${converted.length} converted, ${results.length - converted.length} failed`,
    );
    for (const line of failuresByCode(results)) output.line(line);
  }
  const files = converted.flatMap(({ output: file }) => file ?? []);
  if (files.length === 0) return;
  output.next(`predictable register ${files.slice(0, 2).map(forShell).join(' ')}${files.length > 2 ? ' …' : ''}`);
}

/** `verified against … on … rows …, in ONNX Runtime …`, and what was found. */
function describeVerification({ verification }: Conversion, title: string): string[] {
  if (verification === undefined) return [];
  const source = verification.rowsSource === 'sample' ? 'of the sample' : 'made up from what the model knows';
  const unchecked = verification.runtimesNotChecked.map((runtime) => `; ONNX Runtime ${runtime} not checked`).join('');
  const status = verification.status === 'passed' ? 'verified' : 'compared';
  const against = AGAINST[verification.reference] ?? title;
  const beside = [
    probesText(verification.probes, verification.reference),
    undecidedText(verification.undecided),
  ].filter((text) => text !== null);
  return [
    `${status} against ${against} on ${plural(verification.rows, 'row')} ${source}, in ONNX Runtime ${verification.runtimes.join(' and ')}${unchecked}:`,
    `max difference ${difference(verification.maxAbsDiff)}, ${plural(verification.labelMismatches, 'label')} changed`,
    ...beside,
  ];
}

/** What the predictions were held against where the original itself did not predict. */
const AGAINST: Partial<Record<Verification['reference'], string>> = {
  file: 'the expected predictions beside the model',
  onnx: 'the raw ONNX graph alone',
};

function describeInputs(inputs: InputColumn[]): string {
  const types = new Map<string, string[]>();
  for (const { name, sqlType, categories } of inputs) {
    const type = categories === undefined ? sqlType : 'bigint codes';
    types.set(type, [...(types.get(type) ?? []), name]);
  }
  const parts = [...types].map(([type, names]) => `${names.length} ${type} (${shorten(names)})`);
  return `${plural(inputs.length, 'column')}: ${parts.join(', ')}`;
}

function describeOutputs(outputs: OutputColumn[]): string {
  return shorten(outputs.map(({ name }) => name));
}

function shorten(names: string[]): string {
  if (names.length <= MOST_NAMES) return names.join(', ');
  return `${names.slice(0, MOST_NAMES - 2).join(', ')}, … ${names.at(-1)}`;
}

/** The rows that differ most: where, what was expected, what came, and the inputs. */
export function worstRows(verification: Verification | undefined): string[] {
  return (verification?.worst ?? []).map(({ row, probe, column, expected, got, inputs }) => {
    const values = Object.entries(inputs).map(([name, value]) => `${name}=${value}`);
    return `    ${probe ?? `row ${count(row + 1)}`}: ${column} expected ${expected}, got ${got}; ${shorten(values)}`;
  });
}

/** One line per error code: which models, and what to do. */
export function failuresByCode(results: Pick<Conversion, 'name' | 'error'>[]): string[] {
  const byCode = new Map<string, { names: string[]; hint: string }>();
  for (const { name, error } of results) {
    if (error === undefined) continue;
    const entry = byCode.get(error.code) ?? { names: [], hint: error.hint ?? '' };
    entry.names.push(name);
    byCode.set(error.code, entry);
  }
  if (byCode.size === 0) return [];
  const rows = [...byCode].map(([code, { names, hint }]) => [
    code,
    names.length,
    names.length > 2 ? `${names.slice(0, 2).join(', ')} +${names.length - 2}` : names.join(', '),
    firstAdvice(hint),
  ]);
  return table(['CODE', 'N', 'MODELS', 'WHAT TO DO'], rows);
}
