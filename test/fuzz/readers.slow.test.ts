import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Converters } from '../../src/convert/converters.js';
import { sharedFolder } from '../support/folder.js';
import { Fuzzing } from './fuzz.js';
import { PARSERS } from './parsers.js';
import { makeSeeds } from './seeds.js';

/** How many damaged files each parser gets, and the number of the first: `npm run test:fuzz` says others. */
const CASES = Number(process.env.PREDICTABLE_TEST_FUZZ ?? 25);
const FIRST = Number(process.env.PREDICTABLE_TEST_FUZZ_FROM ?? 0);
const HOUR = 3_600_000;

const seeds = sharedFolder('fuzz-seeds');
let cases: string;
let converters: Converters;
let fuzzing: Fuzzing;
let failed = false;

beforeAll(async () => {
  converters = await Converters.open({ read: [import.meta.dirname], jobs: 2, memory: 4 * 2 ** 30 });
  await makeSeeds(seeds, converters);
  cases = await mkdtemp(path.join(tmpdir(), 'predictable-fuzz-'));
  fuzzing = new Fuzzing(converters, seeds, cases, FIRST);
});
afterAll(async () => {
  await converters.close();
  // What failed is there to be looked at.
  if (!failed) await rm(cases, { recursive: true, force: true });
});

it.each(PARSERS)(
  '$name: each damaged file is read or refused, by name and in time',
  { timeout: HOUR },
  async (parser) => {
    const { bad, codes, slowest } = await fuzzing.run(parser, CASES);
    failed ||= bad.length > 0;
    if (CASES > 100)
      console.log(`${parser.name}: ${JSON.stringify(codes)}, the slowest ${(slowest / 1000).toFixed(1)} s`);
    expect(bad).toEqual([]);
  },
);
