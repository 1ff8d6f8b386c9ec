/** The T-SQL that scores a table with PREDICT on SQL Edge: runs as it is, and is the same text for the same model. */

import { PredictableError } from '../errors.js';
import { findName } from '../rows/columns.js';
import type { OutputColumn, Signature } from '../signature.js';
import { UNKNOWN_CODE } from '../signature.js';
import { freeName, outputNames } from './output-names.js';
import { type PredictInput, predictInput } from './predict-input.js';
import { commentText, parseName, quoteIdentifier, quoteName, quoteText } from './quote.js';

export interface PredictOptions {
  name: string;
  version: number;
  /** Of the model's bytes, 64 hexadecimal digits. */
  sha256: string;
  signature: Signature;
  /** The table or view with the rows, as T-SQL writes it. */
  data?: string | undefined;
  /** Columns of it that go into the result. */
  keys?: readonly string[] | undefined;
  /** Column of the data → input of the model, where their names differ. */
  map?: Record<string, string> | undefined;
  /** Has the columns name, version, sha256 (hexadecimal) and data. */
  modelsTable?: string | undefined;
}

const DEFAULT_DATA = 'dbo.features';
const DEFAULT_MODELS = 'dbo.models';

/** User-defined errors start at 50000. */
const ERRORS = { missing: 50001, changed: 50002, refused: 50003 } as const;

/** Throws USAGE for names that T-SQL cannot have, and COLUMN_MISMATCH for a map to an input that does not exist. */
export function renderPredict(options: PredictOptions): string {
  const { signature, keys = [], data = DEFAULT_DATA } = options;
  const table = quoteName(parseName(data));
  const inputs = bindInputs(signature, options.map ?? {});
  return [
    ...header(options, data),
    ...loadModel(options),
    ...refuseRows(table, inputs),
    ...predict(table, inputs, signature, keys),
    '',
  ].join('\n');
}

function header({ name, version, sha256 }: PredictOptions, data: string): string[] {
  return [
    `-- Scores ${commentText(data)} with ${commentText(name)}, version ${version}.`,
    `-- sha256 of the model: ${commentText(sha256)}`,
    '-- Written by predictable. Codes of categories and labels are written in: they belong to this version alone.',
    '',
  ];
}

function loadModel({ name, version, sha256, modelsTable = DEFAULT_MODELS }: PredictOptions): string[] {
  const models = quoteName(parseName(modelsTable));
  const which = `[name] COLLATE Latin1_General_100_BIN2 + N'|' = ${quoteText(`${name}|`)} AND [version] = ${version}`;
  const title = `${name}, version ${version}`;
  return [
    `DECLARE @model varbinary(max) = (SELECT [data] FROM ${models} WHERE ${which});`,
    `DECLARE @sha256 varchar(64) = (SELECT [sha256] FROM ${models} WHERE ${which});`,
    ...throwIf('@model IS NULL', ERRORS.missing, message(`${title} is not in ${modelsTable}`)),
    ...throwIf(
      `@sha256 IS NULL OR LOWER(@sha256) <> ${quoteText(sha256.toLowerCase())}`,
      ERRORS.changed,
      message(`the stored ${title} is not the model that this script was written for`),
    ),
    '',
  ];
}

/** One pass over the rows, before any is scored. */
function refuseRows(table: string, inputs: PredictInput[]): string[] {
  const refusals = inputs.flatMap((input) => input.refusals);
  if (refusals.length === 0) return [];
  return [
    'DECLARE @refused nvarchar(2048) = (',
    '    SELECT TOP (1) CASE',
    ...refusals.map((refusal) => `        WHEN ${refusal.condition} THEN ${message(refusal.message)}`),
    '    END',
    `    FROM ${table} AS s`,
    `    WHERE ${refusals.map(({ condition }) => `(${condition})`).join('\n        OR ')}`,
    ');',
    ...throwIf('@refused IS NOT NULL', ERRORS.refused, '@refused'),
    '',
  ];
}

function predict(table: string, inputs: PredictInput[], signature: Signature, keys: readonly string[]): string[] {
  const taken = new Set(inputs.map(({ input }) => input.name.toLowerCase()));
  const passed = keys.map((key) => ({ key, alias: freeName(key, taken) }));
  const columns = [
    ...passed.map(({ key, alias }) => `s.${quoteIdentifier(key)} AS ${quoteIdentifier(alias)}`),
    ...inputs.map(({ input, value }) => `${value} AS ${quoteIdentifier(input.name)}`),
  ];
  const names = outputNames(signature, keys);
  const voided = inputs
    .filter(({ input }) => input.unknown === 'null')
    .map(({ input }) => `d.${quoteIdentifier(input.name)} = ${UNKNOWN_CODE}`);
  const selected = [
    ...passed.map(({ key, alias }) => `d.${quoteIdentifier(alias)} AS ${quoteIdentifier(key)}`),
    ...signature.outputs.map(
      (output, index) => `${outputValue(output, voided)} AS ${quoteIdentifier(names[index] ?? output.name)}`,
    ),
  ];
  const types = signature.outputs.map(({ name, sqlType }) => `${quoteIdentifier(name)} ${sqlType}`);
  return [
    'WITH predict_input AS (',
    '    SELECT',
    ...commaLines(columns, 8),
    `    FROM ${table} AS s`,
    ')',
    'SELECT',
    ...commaLines(selected, 4),
    'FROM PREDICT(MODEL = @model, DATA = predict_input AS d, RUNTIME = ONNX)',
    `WITH (${types.join(', ')}) AS p;`,
  ];
}

/** Labels as text; NULL for a row with a value that the model does not know, where that is the policy. */
function outputValue({ name, labels }: OutputColumn, voided: string[]): string {
  const column = `p.${quoteIdentifier(name)}`;
  const cases = labels?.map((label, code) => `WHEN ${code} THEN ${quoteText(label)}`);
  const value = cases === undefined ? column : `CASE ${column} ${cases.join(' ')} END`;
  return voided.length === 0 ? value : `CASE WHEN ${voided.join(' OR ')} THEN NULL ELSE ${value} END`;
}

function bindInputs(signature: Signature, map: Record<string, string>): PredictInput[] {
  const names = signature.inputs.map(({ name }) => name);
  const columns = new Map<string, string>();
  for (const [column, wanted] of Object.entries(map)) {
    const input = findName(names, wanted);
    if (input !== undefined && !columns.has(input)) columns.set(input, column);
    else {
      const why = input === undefined ? `the model has no input ${wanted}` : `two columns are mapped to ${input}`;
      throw new PredictableError('COLUMN_MISMATCH', `--map ${column}=${wanted}: ${why}`, {
        hint: `Its inputs: ${names.join(', ')}.`,
        details: { column, input: wanted, known: names },
      });
    }
  }
  return signature.inputs.map((input) => predictInput(input, columns.get(input.name) ?? input.name, 's'));
}

/** THROW must follow a semicolon, and takes a literal or a variable, but no expression. */
function throwIf(condition: string, code: number, text: string): string[] {
  return [`IF ${condition}`, `BEGIN; THROW ${code}, ${text}, 1; END;`];
}

/** A server's message holds 2,048 characters; line breaks are spelled out, so that one literal holds it. */
function message(text: string): string {
  return quoteText(commentText(text.slice(0, 300)));
}

function commaLines(lines: string[], indent: number): string[] {
  return lines.map((line, index) => `${' '.repeat(indent)}${line}${index < lines.length - 1 ? ',' : ''}`);
}
