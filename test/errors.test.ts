import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../src/cli/exit-codes.js';
import { asPredictableError, ERROR_CODES, errorFromDocument, PredictableError } from '../src/errors.js';

const ROW = /^\| ([A-Z_]+) \| (\d+) \|/gm;
const documented = new Map(
  [...readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8').matchAll(ROW)].map(([, code, exit]) => [
    code,
    Number(exit),
  ]),
);

describe('error codes', () => {
  it.each(ERROR_CODES)('%s is documented with its exit code', (code) => {
    expect(documented.get(code)).toBe(exitCodeOf(code));
  });

  it('are all that the page lists', () => {
    expect([...documented.keys()].sort()).toEqual([...ERROR_CODES].sort());
  });
});

describe('promises of the page', () => {
  /** What could raise a code: neither the list of codes nor what each means for the exit. */
  const sources = ['src', 'python', 'converters', 'runtimes'].flatMap((folder) =>
    readdirSync(new URL(`../${folder}/`, import.meta.url), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(ts|py)$/.test(file) && !/(^|\/)(errors|exit-codes)\.ts$/.test(`${folder}/${file}`))
      .map((file) => withoutLooks(readFileSync(new URL(`../${folder}/${file}`, import.meta.url), 'utf8'))),
  );

  it.each(ERROR_CODES)('%s is raised somewhere', (code) => {
    const raised = new RegExp(`['"]${code}['"]`);
    // The system's errors become ours beside the list.
    const system = readFileSync(new URL('../src/errors.ts', import.meta.url), 'utf8').split('] as const;')[1] ?? '';
    expect([...sources, system].some((text) => raised.test(text))).toBe(true);
  });
});

/** Source text without the places that only look at codes: sets of them, and comparisons. */
function withoutLooks(text: string): string {
  return text
    .replaceAll(/new Set(?:<\w+>)?\(\[[^\]]*\]\)/g, '')
    .replaceAll(/(?:[!=]==?|\bcase|\bnot in|\bin) *\(?['"][A-Z_]+['"]/g, '');
}

describe('PredictableError', () => {
  it('survives the way through a document', () => {
    const error = new PredictableError('COLUMN_MISMATCH', 'no column a', {
      hint: 'rename it',
      details: { column: 'a' },
    });
    expect(errorFromDocument(error.toJSON()).toJSON()).toEqual(error.toJSON());
  });

  it.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EMFILE', 'PERMISSION_DENIED'],
    ['ENOENT', 'FILE_NOT_FOUND'],
    ['EACCES', 'PERMISSION_DENIED'],
    ['EWHATEVER', 'INTERNAL'],
  ])('makes %s of the system %s', (code, expected) => {
    const cause = Object.assign(new Error('the system says no'), { code });
    expect(asPredictableError(cause)).toMatchObject({ code: expected, cause });
  });
});
