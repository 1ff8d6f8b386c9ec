/** What the slow tests of converters share: the environments, built once, and folders that go afterwards. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { type ConvertAllOptions, convertAll } from '../../src/convert/convert-all.js';
import { Converters } from '../../src/convert/converters.js';
import type { Conversion } from '../../src/convert/document.js';
import { packageRoot } from '../../src/paths.js';

export interface Prepared {
  converters: Converters;
  /** Runs a Python script, named from the root of the project, in the converter's environment; what it printed. */
  python: (script: string, ...args: string[]) => Promise<string>;
  folder: string;
  /** One model, named from the folder; its files get into `out` there, unless the options say where else. */
  convert: (file: string, options?: Partial<ConvertAllOptions>) => Promise<Conversion>;
  close: () => Promise<void>;
}

/** `name`: of the environment, when the converter's first is not meant. */
export async function prepare(converter = 'sklearn', name?: string): Promise<Prepared> {
  const converters = await Converters.open();
  const manifest = converters.manifests.find(({ id }) => id === converter);
  if (manifest === undefined) throw new Error(`no converter ${converter}`);
  const chosen = manifest.environments.find((each) => each.name === name);
  const { environment } = await converters.prepare(manifest, chosen);
  const folder = await mkdtemp(path.join(tmpdir(), 'predictable-test-'));
  return {
    converters,
    folder,
    python: async (script, ...args) => {
      const { stdout } = await execa(environment.python!, [path.join(packageRoot, script), ...args]);
      return stdout;
    },
    convert: async (file, options = {}) => {
      const given = { out: path.join(folder, 'out'), ...options };
      const [result] = await convertAll([path.resolve(folder, file)], converters, given);
      if (result === undefined) throw new Error(`${file} gave no result`);
      return result;
    },
    close: async () => {
      await converters.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
