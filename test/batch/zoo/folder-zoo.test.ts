import { chmod, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readZoo } from '../../../src/batch/zoo/read-zoo.js';
import { LIGHTGBM, manifests, PICKLE, zooFolder } from './zoo-folder.js';

async function namesIn(folder: string): Promise<string[]> {
  return (await readZoo(folder, await manifests())).models.map(({ name }) => name);
}

describe('a folder', () => {
  it('gives models with names from their paths, and neither sidecars nor notes nor hidden files', async () => {
    const folder = await zooFolder({
      'press/line1.joblib': PICKLE,
      'press/line1.sample.csv': 'a,b\n1,2\n',
      'press/line1.reference.json': '[]',
      'press/deep/er/v1.2.txt': LIGHTGBM,
      'press/notes.txt': 'trained in May',
      'press/.ipynb_checkpoints/line1.joblib': PICKLE,
      '.venv/lib/x.pkl': PICKLE,
      '._line1.joblib': PICKLE,
      'oven.v2/saved_model.pb': 'x',
      'oven.v2/variables/inside.pkl': PICKLE,
    });
    const zoo = await readZoo(folder, await manifests(), { rtol: 0.5, atol: undefined });
    expect(zoo).toMatchObject({ title: folder, root: folder });
    expect(zoo.models).toEqual([
      model(folder, 'oven.v2', 'oven.v2'),
      model(folder, 'press-deep-er-v1.2', 'press/deep/er/v1.2.txt'),
      model(folder, 'press-line1', 'press/line1.joblib'),
    ]);
  });

  it('that holds a zoo.yaml is read as that says', async () => {
    const folder = await zooFolder({
      'a.joblib': PICKLE,
      'b.joblib': PICKLE,
      'zoo.yaml': 'schema: 1\nmodels: [{path: b.joblib, name: B}]\n',
    });
    expect(await namesIn(folder)).toEqual(['B']);
  });

  it('that is one model is a zoo of that', async () => {
    const folder = await zooFolder({ 'forest/saved_model.pb': 'x' });
    const zoo = await readZoo(path.join(folder, 'forest'), await manifests());
    expect(zoo).toMatchObject({ root: folder, models: [{ name: 'forest', source: 'forest' }] });
  });

  it('is not searched where a run left its results, unless it is the zoo itself', async () => {
    const folder = await zooFolder({
      'a.joblib': PICKLE,
      'out/journal.jsonl': '',
      'out/models/b.joblib': PICKLE,
      'out/evidence/c.joblib': PICKLE,
    });
    expect(await namesIn(folder)).toEqual(['a']);
    expect(await namesIn(path.join(folder, 'out'))).toEqual(['evidence-c', 'models-b']);
  });

  it('follows links to files, and links to folders never: they may lead back', async () => {
    const folder = await zooFolder({ 'store/0a1b.joblib': PICKLE, 'zoo/press': null });
    const zoo = path.join(folder, 'zoo');
    await symlink('../../store/0a1b.joblib', path.join(zoo, 'press', 'line1.joblib'));
    await symlink('../..', path.join(zoo, 'press', 'back'));
    await symlink('.', path.join(zoo, 'self.joblib'));
    await symlink('nowhere', path.join(zoo, 'gone.joblib'));
    expect(await namesIn(zoo)).toEqual(['press-line1']);
  });

  it('that cannot be looked into is a model with a problem, and the others are there', async () => {
    const folder = await zooFolder({ 'a.joblib': PICKLE, 'locked/b.joblib': PICKLE });
    const known = await manifests();
    const zoo = await asNobody(folder, () => readZoo(folder, known));
    expect(zoo.models).toMatchObject([
      { name: 'a', problem: undefined },
      { name: 'locked', problem: { code: 'PERMISSION_DENIED' } },
    ]);
  });

  it('refuses two names that differ only in case, before anything is converted', async () => {
    const folder = await zooFolder({ 'press/line1.joblib': PICKLE, 'PRESS-LINE1.pkl': PICKLE });
    await expect(namesIn(folder)).rejects.toMatchObject({
      code: 'NAME_COLLISION',
      message: 'PRESS-LINE1.pkl and press/line1.joblib would both be named press-line1',
    });
  });

  it('makes names that files and registries can have', async () => {
    const folder = await zooFolder({ 'a@b:c?.joblib': PICKLE, ' x .joblib': PICKLE });
    expect(await namesIn(folder)).toEqual(['x', 'a-b-c-']);
    await writeFile(path.join(folder, `${'long'.repeat(40)}.joblib`), PICKLE);
    await expect(namesIn(folder)).rejects.toMatchObject({ code: 'ZOO_INVALID' });
  });

  it('without models, and what is no zoo at all, is told so', async () => {
    const folder = await zooFolder({ 'notes.txt': 'nothing here' });
    await expect(namesIn(folder)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(namesIn(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(namesIn(path.join(folder, 'notes.txt'))).rejects.toMatchObject({ code: 'USAGE' });
  });
});

function model(folder: string, name: string, source: string) {
  const file = path.join(folder, source);
  return { name, source, path: file, tags: [], options: { rtol: 0.5 }, readFrom: [], problem: undefined };
}

/** Rights mean nothing to root: `locked` is root's own, and somebody else looks. */
async function asNobody<T>(folder: string, work: () => Promise<T>): Promise<T> {
  await chmod(folder, 0o755);
  await chmod(path.join(folder, 'locked'), 0o700);
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(65534);
  else await chmod(path.join(folder, 'locked'), 0);
  try {
    return await work();
  } finally {
    if (root) process.seteuid?.(0);
    else await chmod(path.join(folder, 'locked'), 0o700);
  }
}
