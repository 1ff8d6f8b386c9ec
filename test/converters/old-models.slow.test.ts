import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertAll } from '../../src/convert/convert-all.js';
import { Converters } from '../../src/convert/converters.js';
import type { Conversion } from '../../src/convert/document.js';
import type { ConverterEnvironment, ConverterManifest } from '../../src/converters/manifest.js';
import { packageRoot } from '../../src/paths.js';
import { sharedFolder } from '../support/folder.js';

/** What test/batteries/old_models.py trains. */
const KINDS = ['linear', 'forest', 'boosting', 'histogram', 'categories'];

const folder = sharedFolder('old-models');
let converters: Converters;
let sklearn: ConverterManifest;
/** One for each version of scikit-learn. */
let ages: ConverterEnvironment[];
let results: Map<string, Conversion>;

/** Runs Python in an environment, which is built first when it is not there. */
async function python(environment: ConverterEnvironment | undefined, ...args: string[]): Promise<void> {
  const { environment: ready } = await converters.prepare(sklearn, environment);
  await execa(ready.python!, args);
}

/** Trains the models in an environment; with a version, that is what the files then say that they are of. */
const train = (environment: ConverterEnvironment | undefined, name: string, ...version: string[]) =>
  python(environment, path.join(packageRoot, 'test', 'batteries', 'old_models.py'), folder, name, ...version);

const named = (name: string) => ages.find((environment) => environment.name === name);

beforeAll(async () => {
  converters = await Converters.open({ jobs: 1 });
  const found = converters.manifests.find(({ id }) => id === 'sklearn');
  if (found === undefined) throw new Error('no converter sklearn');
  sklearn = found;
  ages = sklearn.environments.filter(({ when }) => when?.modules === undefined);
  for (const environment of ages) await train(environment, environment.name);
  await train(named('scikit-learn 1.5'), 'between', '1.4.2');
  await train(named('scikit-learn 1.5'), 'elsewhere', '1.7.2');
  await train(named('scikit-learn 1.2'), 'ancient', '0.9.1');
  await withoutVersion('scikit-learn-linear.joblib', 'unsaid-linear.joblib');
  const compress = 'import joblib, sys; joblib.dump(joblib.load(sys.argv[1]), sys.argv[2], compress=("xz", 3))';
  const [plain, packed] = ['scikit-learn 1.5-forest.joblib', 'packed-forest.joblib'];
  await python(named('scikit-learn 1.5'), '-c', compress, path.join(folder, plain), path.join(folder, packed));
  const conversions = await convertAll([folder], converters, { out: path.join(folder, 'out'), trust: { all: true } });
  results = new Map(conversions.map((conversion) => [conversion.name, conversion]));
});
afterAll(async () => {
  await converters.close();
});

/** The same model under another key, as if scikit-learn had not written its version. */
async function withoutVersion(from: string, to: string): Promise<void> {
  const bytes = (await readFile(path.join(folder, from))).toString('latin1');
  await writeFile(path.join(folder, to), bytes.replaceAll('_sklearn_version', '_another_version'), 'latin1');
}

describe('models of older versions', () => {
  it('are converted where they were made, each kind of every version, and verified', () => {
    const all = ages.flatMap(({ name }) => KINDS.map((kind) => ({ name: `${name}-${kind}`, environment: name })));
    const found = all.map(({ name }) => {
      const { status, provenance, verification } = results.get(name) ?? {};
      return { name, status, environment: provenance?.environment, reference: verification?.reference };
    });
    expect(found).toEqual(all.map((each) => ({ ...each, status: 'converted', reference: 'native' })));
  });

  it('of a version between two go to the nearest, and say so', () => {
    for (const kind of KINDS) {
      const { status, provenance, warnings } = results.get(`between-${kind}`) ?? {};
      expect(status, kind).toBe('converted');
      expect(provenance).toMatchObject({ environment: 'scikit-learn 1.5', libraries: { 'scikit-learn': '1.5.1' } });
      expect(warnings?.map(({ message }) => message)).toContain(
        'saved with scikit-learn 1.4.2, loaded with 1.5.1: verified against what 1.5.1 predicts',
      );
    }
  });

  it('go on to the next environment when the nearest cannot load them', () => {
    // scikit-learn 1.6 renamed the loss that histogram boosting is pickled with.
    expect(results.get('elsewhere-histogram')?.provenance?.environment).toBe('scikit-learn 1.5');
    expect(results.get('elsewhere-linear')?.provenance?.environment).toBe('scikit-learn 1.8');
  });

  it('are told from their bytes beneath a compression that only Python opens', () => {
    expect(results.get('packed-forest')).toMatchObject({
      status: 'converted',
      provenance: { environment: 'scikit-learn 1.5' },
      verification: { status: 'passed' },
    });
  });

  it('that do not say their version go to the newest', () => {
    expect(results.get('unsaid-linear')).toMatchObject({
      status: 'converted',
      provenance: { environment: 'scikit-learn' },
    });
  });

  it('that are older than all environments are refused, with what to do', () => {
    const file = path.join(folder, 'ancient-linear.joblib');
    expect(results.get('ancient-linear')?.error).toEqual({
      code: 'UNSUPPORTED_MODEL',
      message: `${file} was saved by scikit-learn 0.9.1; files of scikit-learn 0.22 and newer can be read.`,
      hint: 'Train the model again with a newer scikit-learn and save it there.',
      details: { package: 'scikit-learn', saved: '0.9.1', oldest: '0.22' },
    });
  });
});
