/** What batteries of models have in common: each says how it ends, and those that convert were held against the original. */

import path from 'node:path';
import { expect } from 'vitest';
import { convertAll } from '../../src/convert/convert-all.js';
import type { Conversion } from '../../src/convert/document.js';
import type { TargetId } from '../../src/targets/targets.js';
import type { Prepared } from './prepared.js';

/** Converts files or folders for each target, into a folder of the target's name. */
export async function convertFor<T extends TargetId>(
  targets: readonly T[],
  files: string[],
  { folder, converters }: Prepared,
): Promise<Map<T, Conversion[]>> {
  const results = new Map<T, Conversion[]>();
  for (const target of targets) {
    const options = { target, out: path.join(folder, target), trust: { all: true } };
    results.set(target, await convertAll(files, converters, options));
  }
  return results;
}

export const byName = (conversions: Conversion[]): Map<string, Conversion> =>
  new Map(conversions.map((conversion) => [conversion.name, conversion]));

/** `verified`, the code that refuses it, or `missing` when nothing came of it. */
export function outcome(result: Conversion | undefined): string {
  return result?.status === 'converted' ? 'verified' : (result?.error?.code ?? 'missing');
}

/** `id` is the name of the result. */
export function expectEnds(entries: { id: string; expected: string }[], results: Map<string, Conversion>): void {
  expect(entries.map(({ id }) => [id, outcome(results.get(id))])).toEqual(
    entries.map(({ id, expected }) => [id, expected]),
  );
}

/** There are converted models, and each was held against the original on its own rows, in both runtimes. */
export function expectHeld(results: Iterable<Conversion>): void {
  const converted = convertedOf(results);
  for (const { name, verification } of converted) {
    expect(verification, name).toMatchObject({
      status: 'passed',
      rowsSource: 'sample',
      reference: 'native',
      runtimes: ['1.30.0', '1.12.1'],
      labelMismatches: 0,
    });
  }
}

/** Those that converted, of which there has to be one. */
export function convertedOf(results: Iterable<Conversion>): Conversion[] {
  const converted = [...results].filter(({ status }) => status === 'converted');
  expect(converted.length, 'models that converted').toBeGreaterThan(0);
  return converted;
}

/** `columns in → out`, as the tables of the documentation tell them. */
export function columnsOf(result: Conversion | undefined): string {
  return result?.inputs === undefined ? '' : `${result.inputs.length} → ${result.outputs?.length}`;
}
