import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openSession } from '../../src/inference/open.js';
import { lackingWalls } from '../support/walls.js';

const model = path.join(import.meta.dirname, '../graph/fixtures/iris-logistic.onnx');

/** What /proc/PID/status says of the processes below `pid` that run graphs; the guard that starts one stands outside. */
function runningGraphs(pid: number): string[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim().split(' ').filter(Boolean);
  return children.map(Number).flatMap((child) => {
    const [program = '', script] = readFileSync(`/proc/${child}/cmdline`, 'latin1').split('\0');
    const runs = !program.includes('python') && script?.endsWith('inference/child.js') === true;
    return [...(runs ? [readFileSync(`/proc/${child}/status`, 'latin1')] : []), ...runningGraphs(child)];
  });
}

const lacking = await lackingWalls('node');

it.skipIf(lacking !== '')(`a graph from elsewhere runs behind the walls${lacking}`, async () => {
  const session = await openSession(readFileSync(model), { runtime: '1.30.0', origin: 'foreign' });
  const found = runningGraphs(process.pid);
  expect(found).not.toEqual([]);
  for (const status of found) {
    expect(status).toMatch(/^Seccomp:\s2$/m);
    expect(status).toMatch(/^NoNewPrivs:\s1$/m);
    expect(status).toMatch(/^CapEff:\s0+$/m);
    expect(status).toMatch(/^CapBnd:\s0+$/m);
  }
  expect(session.inputNames.length).toBeGreaterThan(0);
  await session.close();
});
