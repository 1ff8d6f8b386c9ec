/** A small real run: sample models of scikit-learn trained, converted and verified by the batch itself. */

import path from 'node:path';
import { execa } from 'execa';
import { type BatchOptions, runBatch } from '../../src/batch/run.js';
import { type RunFolder, runFolder } from '../../src/batch/run-folder.js';
import type { Zoo } from '../../src/batch/zoo/zoo.js';
import { Converters } from '../../src/convert/converters.js';
import { packageRoot } from '../../src/paths.js';

export type RunWatcher = Pick<BatchOptions, 'onPlan' | 'onResult'>;

/** Trains the samples of these ids into `folder`/models and runs them as a zoo into `folder`/run. */
export async function realRun(folder: string, ids: string[], watcher: RunWatcher = {}): Promise<RunFolder> {
  const converters = await Converters.open({});
  try {
    const root = path.join(folder, 'models');
    const sklearn = converters.manifests.find(({ id }) => id === 'sklearn');
    const { python } = (await converters.prepare(sklearn!)).environment;
    await execa(python!, [path.join(packageRoot, 'samples', 'train.py'), root, '--only', ...ids]);
    const run = runFolder(path.join(folder, 'run'));
    await runBatch(zooOf(root, ids), converters, {
      folder: run,
      resume: false,
      executor: 'local',
      jobs: 2,
      slots: () => 2,
      environments: 2,
      trust: { all: true },
      settings: { keepUnverified: false },
      ...watcher,
    });
    return run;
  } finally {
    await converters.close();
  }
}

function zooOf(root: string, ids: string[]): Zoo {
  const models = ids.map((id) => {
    const source = `${id}.joblib`;
    const tags = id.startsWith('penguin') ? ['penguins', 'text'] : ['numbers'];
    return { name: id, source, path: path.join(root, source), tags, options: {}, readFrom: [] };
  });
  return { title: 'Sample models', root, models };
}
