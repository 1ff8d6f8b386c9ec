/**
 * Settings from predictable.yaml or `--config`: never trust, interpreters or credentials, which a file in the working folder
 * must not grant, and no place outside its folder to write to.
 */

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { PredictableError } from '../errors.js';
import { ordinary } from '../files/ordinary.js';

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
  await ordinary(file, 'Check the path given with --config.');
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
  return { ...settings, ...places(file, settings) };
}

/** Those that a command has options for: one file serves them all. */
export function settingsFor(command: object, settings: Record<string, unknown>): Record<string, unknown> {
  // yargs keeps them there, and its types do not say so.
  const options: unknown =
    'getOptions' in command && typeof command.getOptions === 'function' ? command.getOptions() : undefined;
  const known = isRecord(options) && isRecord(options.key) ? options.key : {};
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name in known));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Whether the command line leaves it to the settings where results go. */
export function outputFromSettings(argv: string[], settings: Record<string, unknown>): boolean {
  return settings.output !== undefined && !argv.some((argument) => /^(?:--output(?:=|$)|-o)/.test(argument));
}

/** What is written lies in the settings' own folder, whatever links lead there: paths are relative to it. */
function places(file: string, settings: object): Record<string, string> {
  const { output, registry } = settings as Record<string, unknown>;
  const inFolder = (key: string, place: string) => {
    const folder = path.dirname(file);
    const found = path.resolve(folder, place);
    if (!isWithin(real(found), real(path.resolve(folder)))) {
      throw new PredictableError('USAGE', `${file} may not set ${key} to ${place}, which is outside its folder`, {
        hint: 'Name a place below the settings file, or give it on the command line.',
      });
    }
    return path.relative('', found) || '.';
  };
  const places: Record<string, string> = {};
  if (typeof output === 'string') places.output = inFolder('output', output);
  const registryFile = typeof registry === 'string' ? /^duckdb:(.*)$/s.exec(registry)?.[1] : undefined;
  if (registryFile !== undefined) places.registry = `duckdb:${inFolder('registry', registryFile)}`;
  return places;
}

function isWithin(place: string, folder: string): boolean {
  const relative = path.relative(folder, place);
  return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Through links; of what is not there yet, the folders that are. */
function real(place: string): string {
  try {
    return realpathSync(place);
  } catch {
    const folder = path.dirname(place);
    return folder === place ? place : path.join(real(folder), path.basename(place));
  }
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
