/** `junit.xml`: a suite a converter and a test case a model, as the test pages of CI servers show them. */

import library, { type Builder, type TestSuite } from 'junit-report-builder';
import type { BatchDocument, ModelResult } from '../batch/results.js';
import type { Verification } from '../verify/verification.js';
import { forReaders, inLine } from './page/visible.js';

/** Its types are those of an ES module, which it is not. */
const junit = library as unknown as Builder;

export function junitXml({ run, results }: BatchDocument): string {
  const report = junit.newBuilder().name(legal(inLine(run.zoo)));
  for (const [converter, models] of byConverter(results)) {
    const suite = report.testSuite().name(converter).timestamp(run.started);
    suite.time(seconds(models.reduce((sum, model) => sum + spent(model), 0)));
    for (const model of models) addCase(suite, converter, model);
  }
  // The library counts skipped ones on the root too, where Jenkins' schema has no such attribute.
  return report.build().replace(/^(<testsuites(?: \w+="[^"]*")*?) skipped="\d+"/m, '$1');
}

/** In the order in which they first come. */
function byConverter(results: ModelResult[]): Map<string, ModelResult[]> {
  const suites = new Map<string, ModelResult[]>();
  for (const result of results) {
    const converter = result.converter ?? 'no converter';
    const models = suites.get(converter);
    if (models === undefined) suites.set(converter, [result]);
    else models.push(result);
  }
  return suites;
}

/** Servers tell cases apart by class and name over many runs: neither has anything of this run in it. */
function addCase(suite: TestSuite, converter: string, model: ModelResult): void {
  const test = suite
    .testCase()
    .className(`predictable.${converter}`)
    .name(legal(inLine(model.name)));
  test.time(seconds(spent(model)));
  const { status, error } = model;
  if (status === 'failed') {
    test.failure(legal(error?.message ?? 'it failed'), error?.code ?? 'INTERNAL').stacktrace(cdata(failureText(model)));
  }
  if (status === 'skipped') test.skipped();
  const said = [...notes(model), ...model.warnings.map(({ code, message }) => `${code}: ${message}`)];
  if (said.length > 0) test.standardOutput(cdata(said.join('\n')));
}

/** What this run spent on it: of a cached one, `elapsed` is that of the run before. */
function spent({ status, elapsed }: ModelResult): number {
  return status === 'cached' ? 0 : elapsed;
}

function seconds(milliseconds: number): number {
  return Math.round(milliseconds) / 1000;
}

/** The whole of it: several servers show a failure's text, and not its message. */
function failureText(model: ModelResult): string {
  const { error, source, format, target, verification } = model;
  return [
    `${error?.code ?? 'INTERNAL'}: ${error?.message ?? 'it failed'}`,
    ...(error?.hint === undefined ? [] : [error.hint]),
    '',
    `model   ${inLine(source)}${format === undefined ? '' : ` (${format})`}`,
    `target  ${target}`,
    ...worstRows(verification),
  ].join('\n');
}

/** A wide table's row would fill the page. */
const INPUTS_SHOWN = 20;

function worstRows(verification: Verification | undefined): string[] {
  const rows = verification?.worst ?? [];
  if (rows.length === 0) return [];
  return [
    '',
    'rows that differ most:',
    ...rows.flatMap(({ row, probe, column, runtime, expected, got, inputs }) => {
      const given = Object.entries(inputs).map(([name, value]) => `${name}=${value}`);
      const left = given.length - INPUTS_SHOWN;
      return [
        `${probe ?? `row ${row}`}, ${column} in ONNX Runtime ${runtime}: expected ${expected}, got ${got}`,
        `  ${given.slice(0, INPUTS_SHOWN).join(', ')}${left > 0 ? `, and ${left} more columns` : ''}`,
      ];
    }),
  ];
}

function notes({ status, elapsed, error }: ModelResult): string[] {
  if (status === 'cached') return [`unchanged: an earlier run converted it in ${seconds(elapsed)} s`];
  if (status === 'skipped' && error !== undefined) return [`${error.code}: ${error.message}`];
  return [];
}

/** XML 1.0 cannot hold control characters, not even escaped, and servers print its text into logs. */
function legal(text: string): string {
  return forReaders(text.replaceAll('\r\n', '\n')).replaceAll(/[\uFFFE\uFFFF]/g, '\uFFFD');
}

/** The library breaks up only the first `]]>` of a text. */
function cdata(text: string): string {
  return legal(text).replaceAll(']]>', ']] >');
}
