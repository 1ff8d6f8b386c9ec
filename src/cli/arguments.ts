/** Parsed arguments as the stages take them. */

import type { GivenInput } from '../convert/envelope.js';
import type { TrustOptions } from '../detect/trust.js';
import { PredictableError } from '../errors.js';
import type { NullPolicy } from '../signature.js';

/** `a,b,c` as a list; undefined when the option was not given. */
export function list(text: string | undefined): string[] | undefined {
  return text
    ?.split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** `column=input` pairs, as an object. */
export function pairs(items: string[] | undefined): Record<string, string> | undefined {
  if (items === undefined) return undefined;
  return Object.fromEntries(
    items
      .flatMap((item) => item.split(','))
      .map((item) => {
        const position = item.indexOf('=');
        if (position <= 0) {
          throw new PredictableError('USAGE', `--map takes column=input, not ${item}`, {
            hint: 'For example: --map len=sepal_length',
          });
        }
        return [item.slice(0, position), item.slice(position + 1)];
      }),
  );
}

export function nullPolicy(text: string | undefined): NullPolicy | undefined {
  if (text === undefined || text === 'error' || text === 'nan') return text;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) {
    throw new PredictableError('USAGE', `--on-null takes error, nan or a number, not ${text}`);
  }
  return value;
}

const DTYPES: Record<string, string> = {
  float: 'float32',
  double: 'float64',
  int: 'int32',
  bigint: 'int64',
  real: 'float32',
};

/** `name:dtype:N,4` items; the name may hold colons itself, as in `x:0:float:N,4`. */
export function givenInputs(items: string[] | undefined): GivenInput[] | undefined {
  return items?.map((item) => {
    const [, name, dtype, shape] = /^(.+):([a-z]+\d*):((?:N|\?|-1|\d+)(?:,\d+)*)?$/i.exec(item) ?? [];
    if (name === undefined || dtype === undefined) {
      throw new PredictableError('USAGE', `--input takes name:dtype:shape, not ${item}`, {
        hint: 'For example: --input image:float:N,8,8,1 --input region:int64:N',
      });
    }
    const sizes = (shape ?? 'N').split(',').map((size) => (/^\d+$/.test(size) ? Number(size) : -1));
    return { name, dtype: DTYPES[dtype.toLowerCase()] ?? dtype.toLowerCase(), shape: sizes };
  });
}

/** `28x28`: height and width. */
export function imageSize(text: string | undefined): [number, number] | undefined {
  if (text === undefined) return undefined;
  const [, height, width] = /^([1-9]\d*)x([1-9]\d*)$/i.exec(text) ?? [];
  if (height === undefined) {
    throw new PredictableError('USAGE', `--image-size takes HEIGHTxWIDTH, not ${text}`, {
      hint: 'For example: --image-size 16x16',
    });
  }
  return [Number(height), Number(width)];
}

export function trustOptions(args: {
  trust: boolean;
  trustSha256?: string[] | undefined;
  trustLock?: string | undefined;
}): TrustOptions {
  return {
    all: args.trust,
    ...(args.trustSha256 === undefined ? {} : { sha256: args.trustSha256 }),
    ...(args.trustLock === undefined ? {} : { lock: args.trustLock }),
  };
}

/** Seconds on the command line are milliseconds inside. */
export function milliseconds(seconds: number | undefined): number | undefined {
  if (seconds !== undefined && !(seconds > 0))
    throw new PredictableError('USAGE', '--timeout takes a number of seconds above 0');
  return seconds === undefined ? undefined : seconds * 1000;
}

const UNITS: Record<string, number> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** `2GB`, `512M` or a number of bytes. */
export function bytes(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?)(?:i?b)?$/i.exec(text.trim()) ?? [];
  const value = Math.floor(Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN));
  if (value > 0) return value;
  throw new PredictableError('USAGE', `${option} takes an amount of memory like 2GB, not ${text}`);
}

/** A whole number above 0. */
export function wholeNumber(option: string, value: number | undefined): number | undefined {
  if (value === undefined || (Number.isInteger(value) && value > 0)) return value;
  throw new PredictableError('USAGE', `${option} takes a whole number above 0, not ${value}`);
}

const SECRET = /^-{1,2}(password|pwd|token|secret)(=|$)|:\/\/[^/\s:@]+:[^@\s]+@|\b(password|pwd)\s*=\s*[^;\s]/i;

/** Arguments show in the process list and in shell histories, so a secret in one is refused before anything is done with it. */
export function refuseSecrets(argv: string[]): void {
  if (!argv.some((argument) => SECRET.test(argument))) return;
  throw new PredictableError(
    'SECRET_IN_ARGUMENT',
    'an argument holds a password: other users of this machine can read it',
    {
      hint: 'Change that password, and give it in the environment variable PREDICTABLE_PASSWORD.',
    },
  );
}
