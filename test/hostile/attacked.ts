/** A folder of hostile files, and what is left of it once a command has looked at them: nothing changed, and none of its secrets in any output. */

import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { packageRoot } from '../../src/paths.js';
import { predictable, type Ran } from '../cli/run.js';

/** What the makers write into files beside the hostile ones: a text, and numbers that no model of ours has. */
const WORDS = 's3cret-words-of-another-file';
const NUMBER = 1234.5;
const SECRETS = [
  Buffer.from(WORDS),
  Buffer.from(WORDS, 'utf16le'),
  // In the middle of other bytes, base64 has one of three forms.
  ...[0, 1, 2].map((before) => Buffer.from(base64Within(before))),
  Buffer.from(new Float32Array([NUMBER, NUMBER]).buffer),
  Buffer.from(new Float64Array([NUMBER, NUMBER]).buffer),
];
/** A digit of it by itself may stand in any figure. */
const SHOWN = [WORDS, `${NUMBER}`];

const WITHOUT_WALLS = path.join(packageRoot, 'test', 'hostile', 'without-walls.mjs');
/** Hostile files may be of the same name but for their ending: each round has every name once. */
const nameOf = (file: string) => path.parse(file).name.toLowerCase();

export interface Outcome {
  file: string;
  /** `converted`, or the error's code. */
  end: string;
  verified: boolean;
  message: string;
  hint: string;
  sandbox?: Record<string, boolean>;
}

export interface Conversions {
  outcomes: Outcome[];
  /** Names of files that the command wrote, printed or said something secret in. */
  leaks: string[];
  /** What it changed beside its own output. */
  changes: string[];
}

/** The real command over these files, which lie in `folder`; `walls` false: as on a machine that has no sandbox. */
export async function convertAll(
  folder: string,
  files: string[],
  { walls = false, args = [] as string[], env = {} as Record<string, string> } = {},
): Promise<Conversions> {
  const before = await everything(folder);
  const out = `${folder}-out`;
  const outcomes: Outcome[] = [];
  const leaks: string[] = [];
  const variables = walls ? env : { ...env, NODE_OPTIONS: `--import=${WITHOUT_WALLS}` };
  for (const [at, round] of rounds(files).entries()) {
    const paths = round.map((file) => path.join(folder, file));
    const place = path.join(out, `${walls}-${at}`);
    const ran = await predictable(['convert', ...paths, '-o', place, '--json', ...args], { env: variables });
    outcomes.push(...outcomesOf(ran));
    leaks.push(...(await leaksOf(ran, place)));
  }
  return { outcomes, leaks, changes: differences(before, await everything(folder)) };
}

type Named = { source: string; status: string; verification?: { status: string } };

function outcomesOf({ stdout, stderr }: Ran): Outcome[] {
  const { results, error } = JSON.parse(stdout);
  if (results === undefined) throw new Error(`${JSON.stringify(error)}\n${stderr}`);
  return results.map((result: Record<string, never>) => {
    const { source, status, error, sandbox, verification } = result as Record<string, never> & Named;
    const { code = status, message = '', hint = '' } = (error ?? {}) as Record<string, string>;
    return {
      file: path.basename(source),
      end: code,
      verified: verification?.status === 'passed',
      message,
      hint,
      sandbox,
    };
  });
}

async function leaksOf({ stdout, stderr }: Ran, out: string): Promise<string[]> {
  const printed = SHOWN.some((text) => stdout.includes(text) || stderr.includes(text)) ? ['what it printed'] : [];
  const written = await readdir(out, { recursive: true, withFileTypes: true });
  const leaking = written
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const content = await readFile(path.join(entry.parentPath, entry.name));
      return SECRETS.some((secret) => content.includes(secret)) ? [entry.name] : [];
    });
  return [...printed, ...(await Promise.all(leaking)).flat()];
}

/** Every file and folder below, with what would show that it was touched. */
async function everything(folder: string): Promise<Map<string, string>> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const marks = found.map(async (entry): Promise<[string, string]> => {
    const place = path.join(entry.parentPath, entry.name);
    const { size, mtimeMs, mode } = entry.isSymbolicLink() ? { size: 0, mtimeMs: 0, mode: 0 } : await stat(place);
    return [path.relative(folder, place), `${mode} ${size} ${mtimeMs}`];
  });
  return new Map(await Promise.all(marks));
}

const differences = (before: Map<string, string>, after: Map<string, string>) =>
  [...new Set([...before.keys(), ...after.keys()])].filter((place) => before.get(place) !== after.get(place));

function rounds(files: string[]): string[][] {
  const found: string[][] = [];
  for (const file of files) {
    const free = found.find((round) => !round.some((other) => nameOf(other) === nameOf(file)));
    if (free === undefined) found.push([file]);
    else free.push(file);
  }
  return found;
}

/** The part of a text's base64 that does not depend on what stands around it, with so many bytes before. */
function base64Within(before: number): string {
  const text = Buffer.from(`${'x'.repeat(before)}${WORDS}`).toString('base64');
  return text.slice(before === 0 ? 0 : 4, Math.floor((before + WORDS.length) / 3) * 4);
}
