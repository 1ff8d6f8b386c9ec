import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Converters } from '../../src/convert/converters.js';
import { Fuzzing } from './fuzz.js';
import { PARSERS } from './parsers.js';

const CASES = Number(process.env.PREDICTABLE_TEST_FUZZ ?? 25);
const FIRST = Number(process.env.PREDICTABLE_TEST_FUZZ_FROM ?? 0);

let converters: Converters;
let fuzzing: Fuzzing;

beforeAll(async () => {
  converters = await Converters.open({ read: [import.meta.dirname], jobs: 2 });
  const folder = await mkdtemp(path.join(tmpdir(), 'fuzz-'));
  fuzzing = new Fuzzing(converters, process.env.SEEDS!, folder, FIRST);
});
afterAll(() => converters.close());

it.each(PARSERS)('$name', { timeout: 3_600_000 }, async (parser) => {
  const { bad, ...figures } = await fuzzing.run(parser, CASES);
  console.log(parser.name, JSON.stringify(figures), Math.round(process.resourceUsage().maxRSS / 1024), 'MB');
  for (const each of bad) console.log('  BAD', each.times, each.what.slice(0, 200), each.folder);
  expect(bad).toEqual([]);
});
