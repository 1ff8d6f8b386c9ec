/** Settings from predictable.yaml or `--config`: never trust, interpreters or credentials, which a file in the working folder must not grant. */

import { existsSync, readFileSync } from 'node:fs';
import { PredictableError } from '../errors.js';

const DEFAULT_FILE = 'predictable.yaml';

const ALLOWED = new Set([
  'target',
  'registry',
  'precision',
  'rtol',
  'atol',
  'on-null',
  'on-unknown',
  'batch-dim',
  'timeout',
  'output',
  'quiet',
]);

/** The settings as yargs takes them; the empty object when there is no file. */
export async function readSettings(argv: string[]): Promise<Record<string, unknown>> {
  const named = namedFile(argv);
  const file = named ?? DEFAULT_FILE;
  if (named === undefined && !existsSync(file)) return {};
  const { parse } = await import('yaml');
  let settings: unknown;
  try {
    settings = parse(readFileSync(file, 'utf8')) ?? {};
  } catch (cause) {
    throw new PredictableError(
      'USAGE',
      `${file} cannot be read as YAML: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
  if (typeof settings !== 'object' || settings === null || Array.isArray(settings)) {
    throw new PredictableError('USAGE', `${file} should hold settings like \`target: sql-edge\``);
  }
  const refused = Object.keys(settings).filter((key) => !ALLOWED.has(key));
  if (refused.length > 0) {
    throw new PredictableError('USAGE', `${file} may not set ${refused.join(', ')}`, {
      hint: `It may set ${[...ALLOWED].join(', ')}. Trust, interpreters and credentials are given on the command line or in the environment.`,
    });
  }
  return { ...settings };
}

function namedFile(argv: string[]): string | undefined {
  const position = argv.findIndex((argument) => argument === '--config' || argument.startsWith('--config='));
  const argument = argv[position];
  if (argument === undefined) return undefined;
  return argument.includes('=') ? argument.slice('--config='.length) : argv[position + 1];
}
