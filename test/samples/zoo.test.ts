import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readZoo } from '../../src/batch/zoo/read-zoo.js';
import { parseZooFile } from '../../src/batch/zoo/zoo-file.js';
import { ERROR_CODES } from '../../src/errors.js';
import { packageRoot } from '../../src/paths.js';
import { manifests, zooFolder } from '../batch/zoo/zoo-folder.js';
import { refusedIn } from './zoo-ends.js';

const samples = path.join(packageRoot, 'samples');
const text = readFileSync(path.join(samples, 'zoo.yaml'), 'utf8');
const { models } = parseZooFile('samples/zoo.yaml', text).content;
const paths = models.flatMap((entry) => [entry.path].flat()).map((each) => each.replace(/^!/, ''));
/** Of which detection by name and by content makes a model. */
const STAND_IN = 'svm_type c_svc\nkernel_type rbf\n';
/** Words that are no converter's. */
const OTHER_TAGS = ['mlflow', 'old', 'not-vouched-for'];

describe('samples/zoo.yaml', () => {
  it('has a model for every converter, tagged with its id first', async () => {
    const ids = (await manifests()).map(({ id }) => id);
    const firsts = models.map(({ tags }) => [tags ?? []].flat()[0]);
    expect(new Set(firsts)).toEqual(new Set(ids));
    const others = models.flatMap(({ tags }) => [tags ?? []].flat().slice(1));
    expect(others.filter((tag) => !OTHER_TAGS.includes(tag))).toEqual([]);
  });

  it('is read without a mistake: names, converters and environments', async () => {
    const standIns = paths.map((each) => [each.replaceAll(/\{([^,}]+)[^}]*\}/g, '$1').replaceAll('*', 'x'), STAND_IN]);
    const folder = await zooFolder({ ...Object.fromEntries(standIns), 'zoo.yaml': text });
    const zoo = await readZoo(folder, await manifests());
    expect(zoo.title).toBe('A model for every converter');
    expect(zoo.models.length).toBeGreaterThanOrEqual(models.length);
  });

  it('names folders that make-zoo.mjs fills, and saved models that are there', () => {
    const script = readFileSync(path.join(samples, 'make-zoo.mjs'), 'utf8');
    const trained = [...script.matchAll(/folder: '([^']+)'/g)].map(([, folder]) => folder);
    const saved: string[] = /SAVED = \[([^\]]+)\]/.exec(script)?.[1]?.match(/\w+/g) ?? [];
    expect(new Set(paths.map((each) => each.split('/')[1]))).toEqual(new Set([...trained, ...saved]));
    expect(paths.filter((each) => !each.startsWith('trained/'))).toEqual([]);
    const whole = paths.filter((each) => saved.includes(each.split('/')[1] ?? '') && !/[*{]/.test(each));
    const fixtures = path.join(packageRoot, 'test', 'batteries', 'fixtures');
    expect(whole.length).toBeGreaterThan(5);
    expect(whole.filter((each) => !existsSync(path.join(fixtures, path.relative('trained', each))))).toEqual([]);
  });

  it('says codes that there are, of models that have a name, and vouches for all that it does not call untrusted', () => {
    const refused = refusedIn(text);
    expect(refused.length).toBeGreaterThan(5);
    expect(refused.filter(([name, code]) => name === null || !ERROR_CODES.includes(code as never))).toEqual([]);
    const untrusted = refused.filter(([, code]) => code === 'UNTRUSTED_ARTIFACT').map(([name]) => name);
    const notVouchedFor = models.filter(({ tags }) => tags?.includes('not-vouched-for')).map(({ name }) => name);
    expect(untrusted).toEqual(notVouchedFor);
  });
});
