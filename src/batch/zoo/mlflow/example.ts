/** The input example that MLflow saved with a model, as rows: each of its JSON forms. */

import { goodName, indexedNames } from '../../../graph/good-name.js';
import type { Frame, FrameColumn } from '../../../rows/frame.js';
import { DEEPEST_JSON, isShallowText } from '../../../rows/json-depth.js';
import { columnOfCells } from './cells.js';
import { damaged } from './mlmodel.js';
import type { MlflowSignature } from './signature.js';

/** An example is a handful of rows: a longer one is not held in memory for each of a thousand models. */
export const MOST_EXAMPLE_BYTES = 8 * 2 ** 20;

/** What a server's request wraps the rows in. */
const WRAPPINGS = ['dataframe_split', 'dataframe_records', 'inputs', 'instances'];

/** Rows of a picture of a picture of a picture. */
const DEEPEST = 16;

type Cells = { name: string; cells: unknown[] }[];

/** Throws CORRUPT_MODEL when it is none of the forms, COLUMN_MISMATCH when a value is not of its column's type. */
export function readExample(file: string, json: string, { columns, tensors }: MlflowSignature): Frame {
  const content = unwrapped(
    parse(file, json),
    columns.map(({ name }) => name ?? ''),
  );
  const found =
    tensors.length > 0
      ? ofTensors(
          content,
          tensors.map(({ name }) => name),
        )
      : ofColumns(
          content,
          columns.map(({ name }) => name),
        );
  const rows = found?.[0]?.cells.length ?? 0;
  if (found === null || rows === 0 || !sameLength(found)) {
    throw damaged(`${file} holds no rows in a form that MLflow writes`);
  }
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const named = columns.length > 0 && columns.every(({ name }) => name !== null);
  const wanted = named ? columns.map(({ name }) => name ?? '') : found.map(({ name }) => name);
  const given = new Map(found.map(({ name, cells }) => [name, cells]));
  return {
    rows,
    columns: wanted.map((name): FrameColumn => {
      // A column that need not be there is missing in all rows.
      const cells = given.get(name) ?? Array.from({ length: rows }, () => null);
      return columnOfCells(file, name, cells, types.get(name) ?? undefined);
    }),
  };
}

/** JSON whose whole numbers keep all of their digits: those that a double does not hold are text here. */
function parse(file: string, json: string): unknown {
  if (!isShallowText(json)) throw damaged(`${file} nests more than ${DEEPEST_JSON} deep`);
  try {
    return JSON.parse(
      json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g, (token) =>
        token.startsWith('"') ? token : `"${token}"`,
      ),
    );
  } catch (cause) {
    throw damaged(`${file} is no JSON`, cause);
  }
}

function unwrapped(content: unknown, columns: string[]): unknown {
  if (!isObject(content)) return content;
  const wrapping = WRAPPINGS.find((key) => Object.hasOwn(content, key) && !columns.includes(key));
  return wrapping === undefined ? content : content[wrapping];
}

/** `{columns, data}`, `[{a: 1}, …]`, `{a: 1}`, `{a: [1, 2]}` or `[[1, 2], …]`. */
function ofColumns(content: unknown, names: (string | null)[]): Cells | null {
  if (Array.isArray(content)) {
    if (content.length > 0 && content.every(isObject)) return ofRecords(content);
    return ofArray(content, null, names);
  }
  if (!isObject(content)) return null;
  if (Array.isArray(content.columns) && Array.isArray(content.data))
    return ofArray(content.data, null, content.columns.map(String));
  const values = Object.values(content);
  if (values.every((value) => Array.isArray(value))) return ofTensors(content, Object.keys(content));
  return ofRecords([content]);
}

function ofRecords(records: Record<string, unknown>[]): Cells {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return names.map((name) => ({
    name,
    cells: records.map((record) => (Object.hasOwn(record, name) ? record[name] : null)),
  }));
}

/** `[[…], …]` of the only tensor, or an array for each of them by name. */
function ofTensors(content: unknown, names: (string | null)[]): Cells | null {
  if (Array.isArray(content)) return names.length > 1 ? null : ofArray(content, names[0] ?? null, []);
  if (!isObject(content)) return null;
  const found: Cells = [];
  for (const name of names) {
    const array = name === null ? Object.values(content)[0] : content[name];
    const cells = Array.isArray(array) ? ofArray(array, name, []) : null;
    if (cells === null) return null;
    found.push(...cells);
  }
  return found;
}

/** Each value of a row is a column, row-major, named as given, or by the tensor, or by its place. */
function ofArray(array: unknown[], tensor: string | null, names: (string | null)[]): Cells | null {
  const rows = array.map((row) => flat(row, 0));
  const sizes = sizesOf(array[0], 0);
  const width = sizes.reduce((product, size) => product * size, 1);
  if (rows.some((row) => row === null || row.length !== width)) return null;
  const known = names.length === width && names.every((name) => name !== null);
  const own = known ? names.map(String) : columnsOfTensor(tensor, sizes);
  return own.map((name, at) => ({ name, cells: rows.map((row) => row?.[at] ?? null) }));
}

/** As converters name the columns of an input that has a name; x0, x1, … of one that has none. */
export function columnsOfTensor(tensor: string | null, sizes: number[]): string[] {
  const width = sizes.reduce((product, size) => product * size, 1);
  if (tensor === null) return Array.from({ length: width }, (_, at) => `x${at}`);
  const name = goodName(tensor, 'input');
  return width === 1 ? [name] : indexedNames(name, sizes);
}

function flat(value: unknown, depth: number): unknown[] | null {
  if (!Array.isArray(value)) return [value];
  if (depth >= DEEPEST) return null;
  const parts = value.map((item) => flat(item, depth + 1));
  return parts.some((part) => part === null) ? null : parts.flatMap((part) => part ?? []);
}

function sizesOf(value: unknown, depth: number): number[] {
  return Array.isArray(value) && depth < DEEPEST ? [value.length, ...sizesOf(value[0], depth + 1)] : [];
}

function sameLength(found: Cells): boolean {
  return found.every(({ cells }) => cells.length === found[0]?.cells.length);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
