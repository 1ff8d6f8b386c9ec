/** What a target's tables and models hold, and the ways out for a model that is beyond. */

import { PredictableError } from '../errors.js';
import type { TargetProfile } from '../targets/targets.js';
import type { ElementType, Model, ValueInfo } from './codec/model.js';
import { largestSquare, type Picture } from './picture.js';

/** What the normaliser knows of a model that the file does not say. */
export interface WaysOut {
  pictures?: Picture[];
  /** The file's length with its weights as float16. */
  float16Bytes?: number;
}

export function limitViolations(
  model: Model,
  target: TargetProfile,
  bytes: number,
  ways: WaysOut = {},
): PredictableError[] {
  return [...inputLimits(model, target, ways), ...outputLimits(model, target), ...sizeLimit(target, bytes, ways)];
}

function inputLimits({ graph }: Model, target: TargetProfile, ways: WaysOut): PredictableError[] {
  const { length } = graph.inputs;
  if (length > target.maxInputs) return [tooManyInputs(length, 4, target, ways)];
  const widest = Math.max(...graph.inputs.map(bytesOf), 1);
  const row = rowBytes(graph.inputs);
  const waysOut = [...smallerPicture(length, widest, target, ways), 'fewer columns'];
  if (row <= target.maxRowBytes) return [];
  return [
    tooMany(
      `a row of the model's ${written(length)} columns and a key has ${written(row)} bytes; a row of ${target.title} has at most ${written(target.maxRowBytes)}`,
      [...waysOut, 'real columns instead of float'],
      { columns: length, bytes: row, limit: target.maxRowBytes },
    ),
  ];
}

/** Known before any column is made, from the names; `widest` is the bytes of the widest type among them. */
export function tooManyInputs(count: number, widest: number, target: TargetProfile, ways: WaysOut): PredictableError {
  return tooMany(
    `the model takes ${written(count)} columns; a table of ${target.title} has at most ${written(target.maxInputs)} beside a key`,
    [...smallerPicture(count, widest, target, ways), 'fewer columns'],
    { columns: count, limit: target.maxInputs },
  );
}

function outputLimits({ graph }: Model, target: TargetProfile): PredictableError[] {
  const { length } = graph.outputs;
  if (length <= target.maxOutputs) return [];
  return [
    tooMany(
      `the model gives ${written(length)} columns; a table of ${target.title} has at most ${written(target.maxOutputs)} beside a key`,
      ['--top K for the K largest', '--outputs for some of them'],
      { columns: length, limit: target.maxOutputs },
    ),
  ];
}

function sizeLimit(target: TargetProfile, bytes: number, { float16Bytes }: WaysOut): PredictableError[] {
  if (bytes <= target.maxBytes) return [];
  const halved =
    float16Bytes !== undefined && float16Bytes <= target.maxBytes
      ? `--weights float16 makes it ${written(float16Bytes)} bytes, at the cost of some precision; or make`
      : 'Make';
  return [
    new PredictableError(
      'MODEL_TOO_LARGE',
      `the model has ${written(bytes)} bytes; ${target.title} takes at most ${written(target.maxBytes)}`,
      {
        hint: `${halved} it smaller (fewer or shallower trees, a smaller network), or score it with --target embedded.`,
        details: { bytes, limit: target.maxBytes, ...(float16Bytes === undefined ? {} : { float16Bytes }) },
      },
    ),
  ];
}

function tooMany(message: string, waysOut: string[], details: Record<string, unknown>): PredictableError {
  return new PredictableError('TOO_MANY_COLUMNS', message, {
    hint: `Ways out: ${waysOut.join('; ')}; --target embedded.`,
    details,
  });
}

/** The largest square that still fits, beside the columns that are no pixels. */
function smallerPicture(count: number, widest: number, target: TargetProfile, { pictures = [] }: WaysOut): string[] {
  const [picture, ...others] = pictures;
  if (picture === undefined || others.length > 0) return [];
  const pixels = picture.sizes.reduce<number>((total, size) => total * (size ?? 1), 1);
  const inRow = Math.floor((target.maxRowBytes - EMPTY_ROW - 1) / (widest + 1 / 8));
  const found = largestSquare(picture, Math.min(target.maxInputs, inRow) - (count - pixels));
  if (found === null) return [];
  const { size, channels } = found;
  const of = channels === 1 ? '1 channel' : `${channels} channels`;
  return [`a smaller picture, at most --image-size ${size}x${size} with its ${of} (resized in the graph)`];
}

/** After the vendor's page "Estimate the size of a heap": header, a key of bigint, NULL bitmap. */
const EMPTY_ROW = 4 + 8 + 2;

function rowBytes(inputs: ValueInfo[]): number {
  const values = inputs.reduce((sum, input) => sum + bytesOf(input), 0);
  return EMPTY_ROW + values + Math.floor((inputs.length + 1 + 7) / 8);
}

function bytesOf({ type }: ValueInfo): number {
  return type.kind === 'tensor' ? (WIDTHS[type.element] ?? 0) : 0;
}

const WIDTHS: Partial<Record<ElementType, number>> = { float: 4, double: 8, int32: 4, int64: 8 };

function written(count: number): string {
  return count.toLocaleString('en-US');
}
