import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readManifests } from '../../src/converters/manifest.js';
import { findModels } from '../../src/detect/find-models.js';
import { sharedFolder } from '../support/folder.js';

const FILES = {
  'press.txt': 'tree\nversion=v4\n',
  'notes.txt': 'the press was trained in May',
  'press.sample.json': '[]',
  'oven.json': '{"learner":{"attributes":{}',
  'oven.reference.json': '{"learner":{}}',
  'out/iris.json': '{\n  "schema": 1,\n  "source": "iris.joblib"',
  'deep/weld.cbm': 'CBM1',
  'deep/weld.md': 'about the weld',
};

const folder = sharedFolder('find-models');

beforeAll(async () => {
  for (const [name, content] of Object.entries(FILES)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
});

describe('findModels', () => {
  it('takes the models of a folder, and neither its notes nor our own documents', async () => {
    const found = await findModels([folder], await readManifests());
    expect(found.map((file) => path.relative(folder, file))).toEqual(['deep/weld.cbm', 'oven.json', 'press.txt']);
  });

  it('takes a file that is named as it is', async () => {
    const notes = path.join(folder, 'notes.txt');
    expect(await findModels([notes], await readManifests())).toEqual([notes]);
  });
});
