/** Runs the pip that ships with Python, with the user's own index settings and with what a locked build asks for. */

import { appendFileSync } from 'node:fs';
import { passedOn } from '../bridge/interpreter-variables.js';
import { runGuarded } from './guarded.js';
import { type BuildProgress, collectedPackage, isInstalling, pipError } from './pip-output.js';
import { redactor } from './redact.js';

/** Which index pip asks, how it reaches it and what it keeps; other settings of pip would change what is built. */
const PIP_SETTINGS = [
  'INDEX_URL',
  'EXTRA_INDEX_URL',
  'FIND_LINKS',
  'NO_INDEX',
  'TRUSTED_HOST',
  'CERT',
  'CLIENT_CERT',
  'PROXY',
  'DEFAULT_TIMEOUT',
  'TIMEOUT',
  'RETRIES',
  'CACHE_DIR',
  'NO_CACHE_DIR',
  'CONFIG_FILE',
  'KEYRING_PROVIDER',
  'USE_FEATURE',
  'USE_DEPRECATED',
].map((name) => `PIP_${name}`);

/** For the way to the index, for pip's configuration and key rings, and for compilers of source-only packages. */
const FURTHER =
  /^(?:(?:https?|all|no|ftp)_proxy|SSL_CERT_(?:FILE|DIR)|(?:REQUESTS|CURL)_CA_BUNDLE|NETRC|XDG_(?:CONFIG|DATA)_(?:HOME|DIRS)|DBUS_SESSION_BUS_ADDRESS|CC|CXX|CFLAGS|CXXFLAGS|LDFLAGS|VIRTUALENV_.*)$/i;

interface PipRun {
  /** Shown in errors. */
  name: string;
  python: string;
  /** The folder that pip itself was unpacked into. */
  pip: string;
  arguments: string[];
  folder: string;
  /** Takes pip's whole output, without secrets. */
  log: string;
  /** What the manifest says to do when its packages cannot be had. */
  hint?: string | undefined;
  total: number;
  onProgress?: ((progress: BuildProgress) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Throws ENVIRONMENT_FAILED with pip's own errors, DISK_FULL or CANCELLED. */
export async function runPip(run: PipRun): Promise<void> {
  const redact = redactor(process.env);
  const lines: string[] = [];
  const collected = new Set<string>();
  const ended = await runGuarded({
    python: run.python,
    run: ['-m', 'pip', ...run.arguments],
    folder: run.folder,
    env: pipVariables(run),
    signal: run.signal,
    onLine: (line) => {
      const shown = redact(line);
      lines.push(shown);
      log(run.log, shown);
      const name = collectedPackage(line);
      if (name !== undefined) {
        collected.add(name);
        const done = Math.min(collected.size, run.total);
        run.onProgress?.({ phase: 'collecting', package: name, done, total: run.total });
      } else if (isInstalling(line)) {
        run.onProgress?.({ phase: 'installing', done: 0, total: run.total });
      }
    },
  });
  if (ended !== 0) throw pipError(run.name, lines, run.log, run.hint);
}

/** A log that cannot be written ends nothing: what pip says then is in its error. */
function log(file: string, line: string): void {
  try {
    appendFileSync(file, `${line}\n`);
  } catch {
    // The disk is full, most likely, which pip will say as well.
  }
}

/**
 * pip's arguments for a locked set: exactly these files, and wheels only, since building one runs its code. A lock is
 * complete, and may leave out what a package asks for but does not need, so pip looks for nothing more.
 */
export function lockedArguments(lockFile: string, sourceOnly: string[], wheelhouse?: string | undefined): string[] {
  return [...lockedOptions(sourceOnly, wheelhouse), '--requirement', lockFile];
}

/** The same without the lock itself. */
export function lockedOptions(sourceOnly: string[], wheelhouse?: string | undefined): string[] {
  return [
    '--require-hashes',
    '--no-deps',
    '--only-binary=:all:',
    ...(sourceOnly.length === 0 ? [] : [`--no-binary=${sourceOnly.join()}`]),
    ...commonArguments(wheelhouse),
  ];
}

export function commonArguments(wheelhouse?: string | undefined): string[] {
  return [
    '--no-input',
    '--disable-pip-version-check',
    '--progress-bar=off',
    ...(wheelhouse === undefined ? [] : ['--no-index', `--find-links=${wheelhouse}`]),
  ];
}

function pipVariables({ pip, folder }: PipRun): Record<string, string> {
  return {
    ...passedOn(process.env),
    // What pip unpacks goes with the folder, however it ends.
    TMPDIR: folder,
    TEMP: folder,
    TMP: folder,
    PYTHONPATH: pip,
    PYTHONNOUSERSITE: '1',
    PYTHONUNBUFFERED: '1',
    PYTHONUTF8: '1',
    ...indexVariables(process.env),
  };
}

/** The variables of `from` that say where pip finds packages and how it gets there. */
export function indexVariables(from: NodeJS.ProcessEnv): Record<string, string> {
  // A pip.conf that installs for the user would fail here.
  const variables: Record<string, string> = { PIP_USER: '0' };
  for (const [name, value] of Object.entries(from)) {
    if (value !== undefined && (PIP_SETTINGS.includes(name) || FURTHER.test(name))) variables[name] = value;
  }
  return variables;
}
