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

  it('names fixtures that are there, and folders that make-zoo.mjs fills', () => {
    const fixtures = paths.filter((each) => !each.startsWith('trained/') && !/[*{]/.test(each));
    expect(fixtures.filter((each) => !existsSync(path.join(samples, each)))).toEqual([]);
    const script = readFileSync(path.join(samples, 'make-zoo.mjs'), 'utf8');
    const made = new Set([...script.matchAll(/folder: '([^']+)'/g)].map(([, folder]) => folder));
    const wanted = paths.filter((each) => each.startsWith('trained/')).map((each) => each.split('/')[1]);
    expect(new Set(wanted)).toEqual(made);
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
