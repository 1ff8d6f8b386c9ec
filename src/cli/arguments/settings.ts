/**
 * Settings from predictable.yaml or `--config`: never trust, interpreters or credentials, which a file in the working folder
 * must not grant, and no place outside its folder to write to.
 */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PredictableError } from '../../errors.js';
import { named } from '../../files/named.js';
import { ordinary } from '../../files/ordinary.js';
import { liesWithin } from '../../files/real-path.js';
import { mustBeShallow } from '../../files/shallow.js';

const DEFAULT_FILE = 'predictable.yaml';

/** What a file may set, and what each takes. */
const ALLOWED: Record<string, readonly string[]> = {
  target: ['string'],
  registry: ['string'],
  precision: ['string'],
  rtol: ['number'],
  atol: ['number'],
  'on-null': ['string', 'number'],
  'on-unknown': ['string'],
  'batch-dim': ['string', 'number'],
  timeout: ['number'],
  output: ['string'],
  quiet: ['boolean'],
};
/** Arguments that send results elsewhere than to files: then the settings' `output` is not meant. */
const ELSEWHERE = /^--(?:into|check|script)(?:=|$)/;

/** The settings as yargs takes them; the empty object when there is no file. */
export async function readSettings(argv: string[]): Promise<Record<string, unknown>> {
  const given = namedFile(argv);
  const file = given ?? DEFAULT_FILE;
  if (given === undefined && !existsSync(file)) return {};
  await ordinary(file, 'Check the path given with --config.');
  const [{ parse }, text] = await Promise.all([import('yaml'), named(file, () => readFile(file, 'utf8'))]);
  let settings: unknown;
  try {
    mustBeShallow(text);
    settings = parse(text, { logLevel: 'error' }) ?? {};
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
  const refused = Object.keys(settings).filter((key) => !Object.hasOwn(ALLOWED, key));
  if (refused.length > 0) {
    throw new PredictableError('USAGE', `${file} may not set ${refused.join(', ')}`, {
      hint: `It may set ${Object.keys(ALLOWED).join(', ')}. Trust, interpreters and credentials are given on the command line or in the environment.`,
    });
  }
  for (const [key, value] of Object.entries(settings)) {
    if (typeof value === 'string' && value.includes('\0')) {
      throw new PredictableError('USAGE', `${file} sets ${key} to a text with a NUL character`);
    }
    const takes = ALLOWED[key] ?? [];
    if (takes.includes(typeof value)) continue;
    throw new PredictableError('USAGE', `${file} should set ${key} to a ${takes.join(' or a ')}`);
  }
  mustNotNameServer(file, settings);
  return { ...settings, ...places(file, settings) };
}

/** Of the settings, those that a command has options for: one file serves all commands. */
export function settingsFor(
  command: object,
  settings: Record<string, unknown>,
  argv: string[],
): Record<string, unknown> {
  // yargs keeps a command's options there, and its types do not say so.
  const options: unknown =
    'getOptions' in command && typeof command.getOptions === 'function' ? command.getOptions() : undefined;
  const known = isRecord(options) && isRecord(options.key) ? options.key : {};
  // What a demonstration makes is nobody's result.
  const noOutput = argv.includes('demo') || argv.some((argument) => ELSEWHERE.test(argument));
  return Object.fromEntries(
    Object.entries(settings).filter(([name]) => name in known && !(name === 'output' && noOutput)),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether the command line leaves it to the settings where results go. */
export function outputFromSettings(argv: string[], settings: Record<string, unknown>): boolean {
  return settings.output !== undefined && !argv.some((argument) => /^(?:--?o(?:utput)?(?:=|$)|-o)/.test(argument));
}

/** What is written lies in the settings' own folder, whatever links lead there: paths are relative to it. */
function places(file: string, settings: object): Record<string, string> {
  const { output, registry } = settings as Record<string, unknown>;
  const inFolder = (key: string, place: string) => {
    const folder = path.dirname(file);
    const resolved = path.resolve(folder, place);
    // Beside a registry's file DuckDB keeps what it has not written yet, and what does not fit into memory.
    const beside = key === 'registry' ? ['', '.wal', '.tmp'] : [''];
    if (!beside.every((ending) => liesWithin(`${resolved}${ending}`, folder))) {
      throw new PredictableError('USAGE', `${file} may not set ${key} to ${place}, which is outside its folder`, {
        hint: 'Name a place below the settings file, or give it on the command line.',
      });
    }
    return path.relative('', resolved) || '.';
  };
  const found: Record<string, string> = {};
  if (typeof output === 'string') found.output = inFolder('output', output);
  const registryFile = typeof registry === 'string' ? /^duckdb:(.*)$/s.exec(registry)?.[1] : undefined;
  if (registryFile !== undefined) found.registry = `duckdb:${inFolder('registry', registryFile)}`;
  return found;
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
