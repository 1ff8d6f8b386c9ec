/** The Dockerfile, taken apart for its tests. */

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../../src/paths.js';

export const TEXT = readFileSync(path.join(packageRoot, 'Dockerfile'), 'utf8');

export interface Instruction {
  name: string;
  /** One line, without its options. */
  rest: string;
  /** `--mount=…`, `--from=…`. */
  options: string[];
}

export const INSTRUCTIONS: Instruction[] = TEXT.replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line.trim() !== '')
  .map((line) => {
    const [, name = '', options = '', rest = ''] = /^(\w+) ((?:--\S+ +)*)(.*)$/.exec(line) ?? [];
    return { name, rest, options: options.trim().split(/ +/).filter(Boolean) };
  });

/** What the build runs, in order, as arguments of scripts/image.sh: `environments /opt/predictable "$CONVERTERS"`. */
export const STEPS = INSTRUCTIONS.filter(({ name }) => name === 'RUN').map(({ rest }) => {
  const [, step] = /^(?:\/opt\/steps\/)?scripts\/image\.sh (.*)$/.exec(rest) ?? [];
  if (step === undefined) throw new Error(`not a step of scripts/image.sh: ${rest}`);
  return step;
});

/** Where the image has all that is ours. */
export const PREFIX = '/opt/predictable';
