/** Options of a conversion from their text, as the command line and a zoo.yaml write them. */

import type { GivenInput } from '../../converters/request.js';
import { PredictableError } from '../../errors.js';
import type { NullPolicy } from '../../signature.js';

/** `a,b,c` as a list; undefined when the option was not given. */
export function list(text: string): string[];
export function list(text: string | undefined): string[] | undefined;
export function list(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `a,b,c`, or a list: YAML takes a name of digits for a number. */
export function names(said: (string | number)[] | string): string[] {
  return typeof said === 'string' ? list(said) : said.map(String);
}

export function nullPolicy(text: string | number): NullPolicy {
  if (text === 'error' || text === 'nan' || typeof text === 'number') return text;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new PredictableError('USAGE', `--on-null takes error, nan or a number, not ${text}`);
  }
  return value;
}

const DTYPES = new Map([
  ['float', 'float32'],
  ['double', 'float64'],
  ['int', 'int32'],
  ['bigint', 'int64'],
  ['real', 'float32'],
]);

/** `name:dtype:N,4`. */
export const GIVEN_INPUT = /^(.+):([A-Za-z]+\d*):((?:[Nn]|\?|-1|\d+)(?:,\d+)*)?$/;

/** One or more of these; the name may hold colons itself, as in `x:0:float:N,4`. */
export function givenInputs(items: string[] | string): GivenInput[] {
  return [items].flat().map((item) => {
    const [, name, dtype, shape] = GIVEN_INPUT.exec(item) ?? [];
    if (name === undefined || dtype === undefined) {
      throw new PredictableError('USAGE', `--input takes name:dtype:shape, not ${item}`, {
        hint: 'For example: --input image:float:N,8,8,1 --input region:int64:N',
      });
    }
    const sizes = (shape ?? 'N').split(',').map((size) => (/^\d+$/.test(size) ? Number(size) : -1));
    return { name, dtype: DTYPES.get(dtype.toLowerCase()) ?? dtype.toLowerCase(), shape: sizes };
  });
}

/** `28x28`. */
export const IMAGE_SIZE = /^([1-9]\d*)[xX]([1-9]\d*)$/;

/** Height and width. */
export function imageSize(text: string): [number, number] {
  const [, height, width] = IMAGE_SIZE.exec(text) ?? [];
  if (height === undefined) {
    throw new PredictableError('USAGE', `--image-size takes HEIGHTxWIDTH, not ${text}`, {
      hint: 'For example: --image-size 16x16',
    });
  }
  return [Number(height), Number(width)];
}

/** `module:function`, or the module's file. */
export const FACTORY = /^([^:]+?)(?:\.py)?:([A-Za-z_]\w*)$/;

/** A whole number above 0. */
export function wholeNumber(option: string, value: number | undefined, least: 0 | 1 = 1): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value >= least)) return value;
  const range = least === 0 ? 'of 0 or above' : 'above 0';
  throw new PredictableError('USAGE', `${option} takes a whole number ${range}, not ${value}`);
}

/** Seconds in options are milliseconds inside. */
export function milliseconds(seconds: number | undefined): number | undefined {
  if (seconds !== undefined && !(seconds > 0))
    throw new PredictableError('USAGE', '--timeout takes a number of seconds above 0');
  return seconds === undefined ? undefined : seconds * 1000;
}
