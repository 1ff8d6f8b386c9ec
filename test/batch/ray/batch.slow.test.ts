import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { driverEnvironment } from '../../../src/batch/ray/environment.js';
import { NO_SANDBOX } from '../../../src/bridge/sandbox.js';
import { Converters } from '../../../src/convert/converters.js';
import { packageRoot } from '../../../src/paths.js';
import { predictable } from '../../cli/run.js';
import { hasRay } from './setting.js';

const folder = mkdtempSync(path.join(tmpdir(), 'ray-batch-'));
const MODELS = ['iris', 'iris-tree', 'iris-linear', 'penguin-mass', 'wine-clusters', 'iris-isomap'];

describe.skipIf(!(await hasRay()))('batch --executor ray', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves the same models, documents and evidence as a run on this machine, and refuses the same', async () => {
    // A model names the Python that converted it, so that both runs must have the same.
    const python = (await driverEnvironment({})).interpreter.path;
    await train(python);
    const [here, there] = await Promise.all([batch('here', python), batch('there', python, '--executor', 'ray')]);
    expect(there.ends).toEqual(here.ends);
    expect(there.ends['iris-isomap']).toBe('UNSUPPORTED_MODEL');
    expect(Object.values(there.ends).filter((end) => end === 'converted')).toHaveLength(MODELS.length - 1);
    expect([...there.files.keys()]).toEqual([...here.files.keys()]);
    expect(there.files.size).toBe(3 * (MODELS.length - 1));
    for (const [name, bytes] of here.files) {
      const other = there.files.get(name) ?? Buffer.alloc(0);
      if (/^models.*\.json$/.test(name)) expect(withoutWalls(other), name).toEqual(withoutWalls(bytes));
      else expect(other.equals(bytes), name).toBe(true);
      if (/^models.*\.json$/.test(name)) expect(JSON.parse(String(other)).sandbox, name).toEqual(NO_SANDBOX);
    }
  });
});

/** The document but for the walls: workers of Ray have none. */
function withoutWalls(bytes: Buffer): object {
  const { sandbox: _, ...rest } = JSON.parse(String(bytes)) as { sandbox: unknown };
  return rest;
}

async function train(python: string): Promise<void> {
  const converters = await Converters.open({ python });
  try {
    const sklearn = converters.manifests.find(({ id }) => id === 'sklearn');
    if (sklearn === undefined) throw new Error('there is no converter for scikit-learn');
    const { environment } = await converters.prepare(sklearn, sklearn.environments[0]);
    const script = path.join(packageRoot, 'samples', 'train.py');
    await execa(String(environment.python), [script, path.join(folder, 'zoo'), '--only', ...MODELS]);
  } finally {
    await converters.close();
  }
}

/** How each model ended, and the bytes of what was written. */
async function batch(run: string, python: string, ...more: string[]) {
  const root = path.join(folder, run);
  const given = ['batch', path.join(folder, 'zoo'), '-o', root, '--trust', '--python', python, ...more];
  await predictable(given);
  const { results } = JSON.parse(readFileSync(path.join(root, 'results.json'), 'utf8')) as {
    results: { name: string; status: string; error?: { code: string } }[];
  };
  const ends = Object.fromEntries(results.map(({ name, status, error }) => [name, error?.code ?? status]));
  const names = ['models', 'evidence'].flatMap((each) =>
    readdirSync(path.join(root, each)).map((name) => path.join(each, name)),
  );
  const files = new Map(names.sort().map((name) => [name, readFileSync(path.join(root, name))]));
  return { ends, files };
}
