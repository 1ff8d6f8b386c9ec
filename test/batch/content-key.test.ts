import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contentKeys, lockKeys, type Settings } from '../../src/batch/content-key.js';
import type { ZooModel } from '../../src/batch/zoo/zoo.js';
import { type ConverterManifest, readManifests } from '../../src/converters/manifest.js';

let folder: string;
let manifests: ConverterManifest[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'predictable-key-'));
  manifests = await readManifests();
  writeFileSync(path.join(folder, 'iris.joblib'), 'a model');
  writeFileSync(path.join(folder, 'iris.sample.csv'), 'a,b\n1,2\n');
});

afterEach(() => rmSync(folder, { recursive: true }));

function model(given: Partial<ZooModel> = {}): ZooModel {
  const file = path.join(folder, 'iris.joblib');
  return {
    name: 'iris',
    source: 'iris.joblib',
    path: file,
    tags: [],
    options: { target: 'sql-edge' },
    readFrom: [],
    ...given,
  };
}

function key(given: Partial<ZooModel> = {}, settings: Partial<Settings> = {}): string {
  return contentKeys(manifests, { keepUnverified: false, ...settings })(model(given));
}

describe('contentKeys', () => {
  it('is the same for the same, whatever the file system says of times', () => {
    const before = key();
    renameSync(path.join(folder, 'iris.joblib'), path.join(folder, 'x'));
    writeFileSync(path.join(folder, 'iris.joblib'), 'a model');
    expect(key()).toBe(before);
    expect(before).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another when anything that decides the result is another', () => {
    const own = path.join(folder, 'own.whl');
    writeFileSync(own, 'a wheel');
    const sample = path.join(folder, 'rows.csv');
    writeFileSync(sample, 'a,b\n3,4\n');
    const keys = [
      key(),
      key({ name: 'other' }),
      key({ options: { target: 'sql-edge-1' } }),
      key({ options: { target: 'sql-edge', rtol: 0.1 } }),
      key({ options: { target: 'sql-edge', sample } }),
      key({
        options: {
          target: 'sql-edge',
          sample: { rows: 1, columns: [{ name: 'a', type: 'int64', values: new BigInt64Array([3n]) }] },
        },
      }),
      key({
        options: {
          target: 'sql-edge',
          sample: { rows: 1, columns: [{ name: 'a', type: 'int64', values: new BigInt64Array([4n]) }] },
        },
      }),
      key({ options: { target: 'sql-edge', sample: `duckdb:${sample}#a` } }),
      key({ options: { target: 'sql-edge', sample: `duckdb:${sample}#b` } }),
      key({ readFrom: [sample] }),
      key({}, { keepUnverified: true }),
      key({}, { wheels: [own] }),
      key({}, { requirements: own }),
    ];
    writeFileSync(path.join(folder, 'iris.joblib'), 'another');
    keys.push(key());
    writeFileSync(path.join(folder, 'iris.joblib'), 'a model');
    writeFileSync(path.join(folder, 'iris.sample.csv'), 'a,b\n1,3\n');
    keys.push(key());
    rmSync(path.join(folder, 'iris.sample.csv'));
    keys.push(key());
    writeFileSync(path.join(folder, 'iris.reference.csv'), 'label\n1\n');
    keys.push(key());
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does not care how long it may take, or what else lies in the folder', () => {
    const before = key();
    writeFileSync(path.join(folder, 'iris.txt.bak'), 'notes');
    writeFileSync(path.join(folder, 'iris2.sample.csv'), 'a\n');
    expect(key({ options: { target: 'sql-edge', timeout: 5, memory: 1e9, columns: undefined } })).toBe(before);
  });

  it('knows the files of a model that is a folder, by name and content', () => {
    const saved = path.join(folder, 'saved');
    mkdirSync(path.join(saved, 'variables'), { recursive: true });
    writeFileSync(path.join(saved, 'saved_model.pb'), 'graph');
    writeFileSync(path.join(saved, 'variables', 'data'), 'weights');
    const before = key({ path: saved });
    writeFileSync(path.join(saved, 'variables', 'data'), 'Weights');
    const changed = key({ path: saved });
    renameSync(path.join(saved, 'variables', 'data'), path.join(saved, 'variables', 'date'));
    expect(new Set([before, changed, key({ path: saved })]).size).toBe(3);
  });

  it('knows the module that makes the network', () => {
    const options = { factory: 'network:make' };
    const before = key({ options });
    writeFileSync(path.join(folder, 'network.py'), 'def make(): ...\n');
    expect(key({ options })).not.toBe(before);
  });
});

describe('lockKeys', () => {
  it('tells converters apart, and follows the roads of one into another', async () => {
    const keyOf = lockKeys(manifests);
    const keys = manifests.map(({ id }) => keyOf(id));
    expect(new Set(keys).size).toBe(manifests.length);
    const changed = manifests.map((manifest) =>
      manifest.id === 'keras-onnx'
        ? { ...manifest, environments: manifest.environments.slice(0, 1) as typeof manifest.environments }
        : manifest,
    );
    const withRoad = manifests.filter(({ roads }) => roads?.some(({ converter }) => converter === 'keras-onnx'));
    expect(withRoad.length).toBeGreaterThan(0);
    for (const { id } of withRoad) expect(lockKeys(changed)(id)).not.toBe(keyOf(id));
    expect(lockKeys(changed)('sklearn')).toBe(keyOf('sklearn'));
  });
});
