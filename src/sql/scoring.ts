/** The query that scores: rows are refused before any is scored, then PREDICT gets each input in its exact type. */

import { PredictableError } from '../errors.js';
import { readingOf, selected } from '../server/column-types.js';
import { quoteIdentifier, quoteText } from '../server/names.js';
import { type OutputColumn, type Signature, UNKNOWN_CODE } from '../signature.js';
import type { Bound } from './bind.js';
import { type Dictionaries, labelValue } from './dictionary.js';
import { type PredictInput, predictInput } from './input.js';
import { bookkeeping, type Into, insertInto } from './into.js';
import { freeName, outputNames } from './output-names.js';
import { message, plainMessage, throwIf } from './throw.js';

/** All that the query depends on. */
export interface Scoring {
  bound: Bound;
  inputs: PredictInput[];
  outputs: readonly OutputColumn[];
  /** Of the outputs, in the result. */
  names: string[];
  /** Names of the columns that are passed, among the inputs. */
  aliases: string[];
  dictionaries: Dictionaries;
  /** Columns that are passed come as text where a driver would lose digits. */
  exactly: boolean;
}

/** Of a table, and so of what PREDICT reads. */
const MOST_COLUMNS = 1024;
const MOST_SELECTED = 4096;

/** Throws TOO_MANY_COLUMNS. */
export function planScoring(signature: Signature, bound: Bound, dictionaries: Dictionaries, exactly: boolean): Scoring {
  const passed = bound.passed.map(({ name }) => name);
  mustFit('PREDICT would read', bound.inputs.length + passed.length, MOST_COLUMNS);
  mustFit('the query would return', passed.length + signature.outputs.length, MOST_SELECTED);
  const taken = new Set(bound.inputs.map(({ input }) => input.name.toLowerCase()));
  return {
    bound,
    inputs: bound.inputs.map(({ input, column }, index) => predictInput(input, column, `c${index + 1}`, dictionaries)),
    outputs: signature.outputs,
    names: outputNames(signature, passed),
    aliases: passed.map((name) => freeName(name, taken)),
    dictionaries,
    exactly,
  };
}

/** One pass over the rows, before any is scored. */
export function refuseRows({ bound, inputs }: Scoring): string[] {
  const refusals = inputs.flatMap((input) => input.refusals);
  if (refusals.length === 0) return [];
  return [
    'DECLARE @refused nvarchar(2048) = (',
    '    SELECT TOP (1) r.[reason]',
    '    FROM (',
    '        SELECT CASE',
    ...refusals.map((refusal) => `            WHEN ${refusal.condition} THEN ${message(refusal.message)}`),
    '        END AS [reason]',
    `        FROM ${bound.data} AS s`,
    ...indented(
      inputs.filter(({ refusals }) => refusals.length > 0).flatMap(({ join }) => join),
      8,
    ),
    '    ) AS r',
    '    WHERE r.[reason] IS NOT NULL',
    ');',
    ...throwIf('@refused IS NOT NULL', 'refused', '@refused'),
    '',
  ];
}

/** The rows come back, or go into the table. `version` is an expression. */
export function resultStatements(
  scoring: Scoring,
  { model, into, version, name }: { model: string; into: Into | null; version: string; name: string },
): string[] {
  if (into === null) return [...predictInputCte(scoring), ...selectPredictions(scoring, model)];
  const further = bookkeeping(name, version);
  const insert = (from: string) => [...insertInto(into), ...selectPredictions(scoring, model, { from, further })];
  if (into.dialect.cteBeforeInsert) {
    return ['BEGIN TRANSACTION;', '', ...predictInputCte(scoring), ...insert('predict_input'), 'COMMIT TRANSACTION;'];
  }
  return [
    ...predictInputTable(scoring),
    'BEGIN TRANSACTION;',
    ...insert(TEMPORARY),
    'COMMIT TRANSACTION;',
    `DROP TABLE ${TEMPORARY};`,
  ];
}

/** The query of a view, which cannot THROW: a row that must be refused ends the query with a conversion that fails. */
export function scoringQuery(scoring: Scoring, model: string): string[] {
  const inputs = scoring.inputs.map((input) => ({ ...input, value: guarded(input) }));
  return [...predictInputCte({ ...scoring, inputs }), ...selectPredictions(scoring, model)];
}

const TEMPORARY = '#predict_input';

function predictInputCte(scoring: Scoring): string[] {
  return ['WITH predict_input AS (', ...indented(selectInputs(scoring), 4), ')'];
}

function predictInputTable(scoring: Scoring): string[] {
  return [
    `IF OBJECT_ID(N'tempdb..${TEMPORARY}') IS NOT NULL DROP TABLE ${TEMPORARY};`,
    ...endingWith(selectInputs(scoring, `INTO ${TEMPORARY}`), ';'),
    '',
  ];
}

/** The keys and the inputs only: PREDICT refuses types of columns that it would merely pass on. */
function selectInputs({ bound, inputs, aliases }: Scoring, ...into: string[]): string[] {
  const columns = [
    ...bound.passed.map(({ name }, index) => [
      `s.${quoteIdentifier(name)} AS ${quoteIdentifier(aliases[index] ?? name)}`,
    ]),
    ...inputs.map(({ input, value }) => endingWith(value, ` AS ${quoteIdentifier(input.name)}`)),
  ];
  return [
    'SELECT',
    ...indented(listed(columns), 4),
    ...into,
    `FROM ${bound.data} AS s`,
    ...inputs.flatMap(({ join }) => join),
  ];
}

function selectPredictions(
  { bound, inputs, outputs, names, aliases, dictionaries, exactly }: Scoring,
  model: string,
  { from = 'predict_input', further = [] }: { from?: string; further?: string[] } = {},
): string[] {
  const voided = inputs
    .filter(({ input }) => input.unknown === 'null')
    .map(({ input }) => `d.${quoteIdentifier(input.name)} = ${UNKNOWN_CODE}`);
  const columns = [
    ...bound.passed.map(({ name, column }, index) => {
      const value = `d.${quoteIdentifier(aliases[index] ?? name)}`;
      const reading = exactly && column !== null ? readingOf(column) : null;
      return `${reading === null ? value : selected(value, reading)} AS ${quoteIdentifier(name)}`;
    }),
    ...outputs.map(
      (output, index) =>
        `${outputValue(output, voided, dictionaries)} AS ${quoteIdentifier(names[index] ?? output.name)}`,
    ),
    ...further,
  ];
  const types = outputs.map(({ name, sqlType }) => `${quoteIdentifier(name)} ${sqlType}`);
  return [
    'SELECT',
    ...indented(listed(columns.map((line) => [line])), 4),
    `FROM PREDICT(MODEL = ${model}, DATA = ${from} AS d, RUNTIME = ONNX)`,
    `WITH (${types.join(', ')}) AS p;`,
  ];
}

/** Labels as text; NULL for a row with a value that the model does not know, where that is the policy. */
function outputValue(output: OutputColumn, voided: string[], dictionaries: Dictionaries): string {
  const column = `p.${quoteIdentifier(output.name)}`;
  const value = output.labels === undefined ? column : labelValue(dictionaries, output, column);
  return voided.length === 0 ? value : `CASE WHEN ${voided.join(' OR ')} THEN NULL ELSE ${value} END`;
}

/** Error 245 of a text that is no int shows the text; of no other type does it. */
function guarded({ value, refusals }: PredictInput): string[] {
  if (refusals.length === 0) return value;
  const cases = refusals.map(
    ({ condition, message: text }) => `    WHEN ${condition} THEN CAST(${quoteText(plainMessage(text))} AS int)`,
  );
  const [first = '', ...rest] = value;
  return ['CASE', ...cases, ...indented([`ELSE ${first}`, ...rest], 4), 'END'];
}

function mustFit(what: string, columns: number, most: number): void {
  if (columns <= most) return;
  throw new PredictableError('TOO_MANY_COLUMNS', `${what} ${columns} columns, and the server takes ${most}`, {
    hint: 'Choose fewer --keys, or convert the model with fewer columns or --outputs.',
    details: { columns, most },
  });
}

function listed(columns: string[][]): string[] {
  return columns.flatMap((lines, index) => (index < columns.length - 1 ? endingWith(lines, ',') : lines));
}

function endingWith(lines: string[], ending: string): string[] {
  return lines.map((line, index) => (index === lines.length - 1 ? `${line}${ending}` : line));
}

/** Whole elements only: a literal may hold a line break, and what follows it is the value's own. */
function indented(lines: string[], width: number): string[] {
  return lines.map((line) => `${' '.repeat(width)}${line}`);
}
