import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { mustLieWithin } from '../../src/files/answered.js';
import { freshFolder } from '../support/folder.js';

const folder = freshFolder('answered');
const work = path.join(folder, 'work');
const other = path.join(folder, 'other.txt');

it.each([
  ['is its own', () => path.join(work, 'own.onnx'), true],
  ['is a link within', () => link('within.onnx', path.join(work, 'own.onnx')), true],
  ['lies beside', () => other, false],
  ['leads out by its name', () => path.join(work, '..', 'other.txt'), false],
  ['is a link that leads out', () => link('out.onnx', other), false],
  ['is the folder itself', () => work, false],
  ['is no file', () => path.join(work, 'none.onnx'), false],
  ['is in a folder of nearly the same name', () => path.join(`${work}2`, 'own.onnx'), false],
])('a file that another process names and that %s', async (_, make, taken) => {
  for (const made of [work, `${work}2`]) mkdirSync(made);
  for (const made of [work, `${work}2`]) writeFileSync(path.join(made, 'own.onnx'), 'own');
  writeFileSync(other, 'of somebody else');
  const holding = mustLieWithin('evil.joblib', [make()], [work]);
  if (taken) await holding;
  else await expect(holding).rejects.toMatchObject({ code: 'CONVERTER_FAILED' });
});

function link(name: string, target: string): string {
  symlinkSync(target, path.join(work, name));
  return path.join(work, name);
}
