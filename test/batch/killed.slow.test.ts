import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { predictable, program } from '../cli/run.js';
import { type PreparedZoo, prepareZoo, products } from './prepared-zoo.js';

/** Enough to see that it holds; `npm run bench -- kills` does it at ten moments of a thousand models. */
const KILLS = 3;

let prepared: PreparedZoo;

beforeAll(async () => {
  prepared = await prepareZoo();
});

afterAll(() => prepared?.close());

const batchTo = (folder: string) => ['batch', prepared.zoo, '-o', folder, '--trust', '--resume', '--quiet'];

/** Processes whose command line names the folder; Linux only, elsewhere none. */
function left(folder: string): string[] {
  try {
    return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandOf(pid).includes(folder));
  } catch {
    return [];
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

it('killed at any moment and started again, a run ends as if nothing had happened', async () => {
  const whole = path.join(prepared.root, 'whole');
  const begun = performance.now();
  expect((await predictable(batchTo(whole))).exitCode).toBe(1);
  const took = performance.now() - begun;

  const folder = path.join(prepared.root, 'killed');
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(process.execPath, [program, ...batchTo(folder)], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    // Any moment will do: nothing is expected of how far it came.
    await Promise.race([pause(Math.random() * took), ended]);
    child.kill('SIGKILL');
    await ended;
  }
  expect((await predictable(batchTo(folder))).exitCode).toBe(1);
  expect(products(folder)).toEqual(products(whole));
  expect(readdirSync(folder).sort()).toEqual(readdirSync(whole).sort());
  expect(left(folder)).toEqual([]);
});
