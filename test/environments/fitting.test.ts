import { beforeAll, describe, expect, it } from 'vitest';
import { type ConverterManifest, readManifests } from '../../src/converters/manifest.js';
import { environmentsFor } from '../../src/environments/fitting.js';

let sklearn: ConverterManifest;

beforeAll(async () => {
  const found = (await readManifests()).find(({ id }) => id === 'sklearn');
  if (found === undefined) throw new Error('no converter sklearn');
  sklearn = found;
});

const names = (savedBy: string | null, ...modules: string[]) =>
  environmentsFor('model.joblib', sklearn, { savedBy, modules }).map(({ name }) => name);

describe('the environments for a file', () => {
  it.each([
    ['0.24.2', 'scikit-learn 1.2'],
    ['1.2.1', 'scikit-learn 1.2'],
    ['1.3.0', 'scikit-learn 1.3'],
    ['1.4.1.post1', 'scikit-learn 1.5'],
    ['1.5.2', 'scikit-learn 1.5'],
    ['1.6.1', 'scikit-learn 1.8'],
    ['1.8.0', 'scikit-learn 1.8'],
    ['1.9.1', 'scikit-learn'],
    ['1.10.dev0', 'scikit-learn'],
    ['2.0', 'scikit-learn'],
  ])('begin with that of its version: %s', (version, expected) => {
    expect(names(version)[0]).toBe(expected);
  });

  it('are the one that the user names, whatever the file says', () => {
    const named = (name: string) =>
      environmentsFor('model.joblib', sklearn, { savedBy: '1.9.1', modules: [] }, name).map((each) => each.name);
    expect(named('scikit-learn 1.3')).toEqual(['scikit-learn 1.3']);
    expect(() => named('scikit-learn 0.1')).toThrow('converter sklearn has no environment scikit-learn 0.1');
  });

  it('go on with the next nearest, and never with one that only has more packages', () => {
    expect(names('1.3.2')).toEqual([
      'scikit-learn 1.3',
      'scikit-learn 1.5',
      'scikit-learn 1.2',
      'scikit-learn 1.8',
      'scikit-learn',
    ]);
  });

  it('have the modules that the file names', () => {
    expect(names('1.9.1', 'lightgbm')).toEqual(['tabular']);
    expect(names(null, 'imblearn', 'xgboost')).toEqual(['tabular']);
    expect(names('1.5.1', 'catboost')).toEqual(['tabular']);
  });

  it('are the small newest one alone when the file says nothing', () => {
    expect(names(null)).toEqual(['scikit-learn']);
  });

  it('are none for a file that is older than all of them', () => {
    expect(() => names('0.19.2')).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_MODEL',
        message: 'model.joblib was saved by scikit-learn 0.19.2; files of scikit-learn 0.22 and newer can be read.',
        details: { package: 'scikit-learn', saved: '0.19.2', oldest: '0.22' },
      }),
    );
  });
});
