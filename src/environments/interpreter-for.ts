/** Which interpreter an environment is built with. */

import type { EnvironmentManifest } from '../converters/manifest.js';
import { PredictableError } from '../errors.js';
import { findInterpreters, type PythonInterpreter } from './interpreters.js';
import { minorOf, within } from './versions.js';

/**
 * The interpreter that `--python` names, or else the newest that fits the converter: one that the lock was tested with
 * (`# tested with Python 3.11, 3.12` in its head) before any other. Throws PYTHON_NOT_FOUND.
 */
export async function chooseInterpreter(
  { title, environment }: EnvironmentManifest,
  lockText: string,
  python?: string | undefined,
): Promise<PythonInterpreter> {
  const range = environment.python;
  const interpreters = await findInterpreters({ python });
  if (python !== undefined) {
    const named = interpreters.find(({ source }) => source === '--python');
    if (named !== undefined && within(named.version, range)) return named;
    throw unfit(title, range, python, named);
  }
  const fitting = interpreters.filter(({ version }) => within(version, range));
  const tested = testedVersions(lockText);
  const chosen = fitting.find(({ version }) => tested.has(minorOf(version))) ?? fitting[0];
  if (chosen === undefined) throw noneFits(title, range, interpreters);
  return chosen;
}

function testedVersions(lockText: string): Set<string> {
  const [, listed = ''] = /^# tested with Python (.*)$/m.exec(lockText) ?? [];
  return new Set(listed.split(/[ ,]+/).filter((version) => version !== ''));
}

type Range = EnvironmentManifest['environment']['python'];

function unfit(title: string, range: Range, python: string, named: PythonInterpreter | undefined): PredictableError {
  const what = named === undefined ? 'is no Python 3 (CPython) that runs here' : `is Python ${named.version}`;
  return new PredictableError(
    'PYTHON_NOT_FOUND',
    named === undefined
      ? `--python ${python} ${what}; ${title} needs Python ${spell(range)}.`
      : `--python ${python} ${what}, but ${title} needs Python ${spell(range)}.`,
    { hint: wayToGet(range), details: { python, needs: range, ...(named && { found: named.version }) } },
  );
}

function noneFits(title: string, range: Range, interpreters: PythonInterpreter[]): PredictableError {
  const versions = [...new Set(interpreters.map(({ version }) => version))];
  const found = versions.length === 0 ? 'none was found' : `found only ${versions.join(', ')}`;
  return new PredictableError('PYTHON_NOT_FOUND', `${title} needs Python ${spell(range)}: ${found}.`, {
    hint: wayToGet(range),
    details: { needs: range, found: interpreters.map(({ path, version }) => ({ path, version })) },
  });
}

function spell({ min, max }: Range): string {
  return min === max ? min : `${min} to ${max}`;
}

function wayToGet({ max }: Range): string {
  const install: Partial<Record<NodeJS.Platform, string>> = {
    darwin: `brew install python@${max}`,
    win32: `winget install Python.Python.${max}`,
  };
  const system = install[process.platform] ?? `your system's package python${max} with python${max}-venv`;
  return `Install it (${system}, or pyenv install ${max}), or name one that is elsewhere with --python PATH.`;
}
