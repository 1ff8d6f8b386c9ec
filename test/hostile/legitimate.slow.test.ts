import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { prepare } from '../support/prepared.js';
import { convertAll } from './attacked.js';

/** Files as people write them, one a way of building or saving: what the lists allow is not less than that. */

const MINUTES = 60_000;
const LEAST = 60;

/** By maker: the converter in whose environment it runs, and which of what it writes are models. */
const MAKERS: [maker: string, environment: string, isModel: (name: string) => boolean][] = [
  ['keras', 'keras', () => true],
  ['tensorflow', 'tensorflow', (name) => !/\.(index|data-.*)$/.test(name)],
  ['pytorch', 'pytorch', () => true],
];
/** What files leave open, as on the command line: names of columns, and of scripts what goes in. The first that fits. */
const TOLD: [file: RegExp, args: string[]][] = [
  [/^three-(inputs|feature-space)/, []],
  [/embedded/, ['--columns', 'a,b', '--input', 'codes:int64:N,2']],
  [/^function-several/, ['--columns', 'a,b,c,d,code']],
  [/dictionary/, ['--columns', 'a,b,c,d,e,f,g']],
  [/keywords/, ['--columns', 'a,b,c,d,e,f,g,h']],
  [/^script-(convolution|series)/, ['--columns', 'a,b,c,d', '--input', 'input:float32:N,4']],
  [/^script-(functions|lstm)/, ['--columns', 'a,b,c,d', '--input', 'row:float32:N,4']],
  [/./, ['--columns', 'a,b,c,d']],
];
const argsOf = (file: string) => TOLD.find(([pattern]) => pattern.test(file))?.[1] ?? [];

describe('legitimate files', () => {
  const counts: Record<string, number> = {};
  afterAll(() => console.info(`legitimate files converted and verified without trust: ${JSON.stringify(counts)}`));

  it.each(MAKERS)(
    'of %s convert and verify without trust',
    { timeout: 5 * MINUTES },
    async (maker, environment, isModel) => {
      const prepared = await prepare(environment);
      try {
        const folder = path.join(prepared.folder, 'legitimate');
        await prepared.python(`test/hostile/legitimate_${maker}.py`, folder);
        const files = (await readdir(folder)).filter(isModel);
        const outcomes = [];
        for (const args of new Set(files.map(argsOf))) {
          const chosen = files.filter((file) => argsOf(file) === args);
          outcomes.push(...(await convertAll(folder, chosen, { walls: true, args })).outcomes);
        }
        const refused = outcomes.filter(({ end, verified }) => end !== 'converted' || !verified);
        expect(refused).toEqual([]);
        counts[maker] = outcomes.length;
      } finally {
        await prepared.close();
      }
    },
  );

  it('are at least as many as were promised', () => {
    expect(Object.values(counts).reduce((all, count) => all + count, 0)).toBeGreaterThanOrEqual(LEAST);
  });
});
