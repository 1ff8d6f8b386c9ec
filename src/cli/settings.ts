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
  mustNotNameServer(file, settings);
  return { ...settings };
}

/** Whoever names the server gets the password: a file that came with a repository must not. A profile is the user's own. */
function mustNotNameServer(file: string, settings: object): void {
  const registry = 'registry' in settings ? settings.registry : undefined;
  if (typeof registry !== 'string' || registry.startsWith('duckdb:') || !/[:=]/.test(registry)) return;
  throw new PredictableError('USAGE', `${file} may not say on which server the registry is`, {
    hint: 'Name a profile there, and write its address into your own profiles.yaml (docs/command-line.md).',
  });
}

function namedFile(argv: string[]): string | undefined {
  const position = argv.findIndex((argument) => argument === '--config' || argument.startsWith('--config='));
  const argument = argv[position];
  if (argument === undefined) return undefined;
  return argument.includes('=') ? argument.slice('--config='.length) : argv[position + 1];
}
