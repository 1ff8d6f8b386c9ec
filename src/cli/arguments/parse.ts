/** Parsed arguments as the stages take them: those of the command line alone. */

import type { TrustOptions } from '../../detect/trust.js';
import { PredictableError } from '../../errors.js';

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

export function trustOptions(args: {
  trust: boolean;
  trustSha256?: string[] | undefined;
  trustLock?: string | undefined;
}): TrustOptions {
  return {
    all: args.trust,
    sha256: args.trustSha256,
    lock: args.trustLock,
  };
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
