/** What pip says, line by line: how far it is, and in the end what went wrong. */

import path from 'node:path';
import { PredictableError } from '../errors.js';

/** How far a build or a download is. */
export interface BuildProgress {
  phase: 'waiting' | 'creating' | 'collecting' | 'installing' | 'preparing' | 'ready' | 'fetching' | 'fetched';
  /** The package in hand, or the runtime that is fetched. */
  package?: string;
  /** Packages of `total`. */
  done: number;
  total: number;
}

/** The package that a line of pip begins to collect. */
export function collectedPackage(line: string): string | undefined {
  const [, collecting, file] = /^(?:Collecting (\S+)|(?:Processing|Looking up) (\S+))/.exec(line) ?? [];
  if (collecting !== undefined) return collecting.replace(/[=<>!~;[].*/, '');
  return file?.split(/[/\\]/).at(-1)?.replace(/-\d.*/, '').replaceAll('_', '-');
}

export function isInstalling(line: string): boolean {
  return line.startsWith('Installing collected packages');
}

/** Longer lists of versions or hashes help nobody. */
const LONGEST_LINE = 240;
const MOST_LINES = 6;

/** pip's own ERROR lines as one error. The lines must be redacted already; `log` is where all of them are, beside what is built. */
export function pipError(name: string, lines: string[], log: string, hint?: string): PredictableError {
  const errors = errorLines(lines);
  const details = { errors, log };
  const whole = `pip's whole output is in ${log}`;
  if (lines.some((line) => line.includes('[Errno 28]') || line.includes('No space left on device'))) {
    return new PredictableError(
      'DISK_FULL',
      `${path.dirname(log)}: the disk filled up while the ${name} environment was built`,
      {
        hint: `Free some space there, or where temporary files are, and run it again; ${whole}.`,
        details,
      },
    );
  }
  const said = errors.length === 0 ? 'pip gave no reason' : errors.join(' ');
  return new PredictableError('ENVIRONMENT_FAILED', `The ${name} environment could not be built: ${said}`, {
    hint: `${hint === undefined ? '' : `${hint} `}${hintFor(lines)} ${capital(whole)}.`,
    details,
  });
}

function errorLines(lines: string[]): string[] {
  const found: string[] = [];
  let within = false;
  for (const line of lines) {
    if (/^\s*ERROR: /.test(line)) {
      within = true;
      found.push(line.replace(/^\s*ERROR: /, ''));
    } else if (within && /^\s+\S/.test(line)) {
      found.push(line.trim());
    } else {
      within = false;
    }
  }
  return [...new Set(found.map(shorten))].slice(0, MOST_LINES);
}

function shorten(line: string): string {
  const flat = line.replace(/ \(from versions: (?!none)[^)]*\)/, '').replace(/\s+/g, ' ');
  return flat.length <= LONGEST_LINE ? flat : `${flat.slice(0, LONGEST_LINE)}…`;
}

/** What setuptools says when it finds no compiler, or one that fails; on Windows it is another sentence. */
const NO_COMPILER =
  /error: (?:command|\[Errno 2\] No such file or directory:) '[^']*(?:cc|\+\+|clang|cl\.exe)'|Microsoft Visual C\+\+ .* is required/;

function hintFor(lines: string[]): string {
  const text = lines.join('\n');
  if (/Retrying \(Retry|NewConnectionError|NameResolutionError|Temporary failure in name resolution/.test(text)) {
    return "The package index can't be reached: check the network and pip's settings, or use --wheelhouse DIR with a folder filled by --download DIR on a connected machine.";
  }
  if (text.includes('DO NOT MATCH THE HASHES')) {
    return 'A package is not the one that was locked: the index or the wheelhouse holds a changed file. Nothing was installed.';
  }
  if (NO_COMPILER.test(text)) {
    return 'A package of it exists as source only: install a C++ compiler (build-essential, the Xcode command line tools, or the Visual Studio Build Tools).';
  }
  if (text.includes('ResolutionImpossible') || text.includes('conflicting dependencies')) {
    return "Your packages ask for versions that the converter's lock does not have: loosen their requirements.";
  }
  if (text.includes('No matching distribution found')) {
    return 'The index or the wheelhouse has no build of this version for this Python and this machine; --python PATH picks another Python.';
  }
  return 'Run it again; nothing of the failed build is used.';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
