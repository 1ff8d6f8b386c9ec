import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mustVouchForFactory } from '../../src/batch/factory.js';
import { sha256OfFileNow } from '../../src/batch/hashing.js';
import type { ZooModel } from '../../src/batch/zoo/zoo.js';

let folder: string;
let module: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'predictable-factory-'));
  module = path.join(folder, 'network.py');
  writeFileSync(module, 'def make(): ...\n');
});

afterEach(() => rmSync(folder, { recursive: true }));

function model(factory?: string): ZooModel {
  return {
    name: 'net',
    source: 'net.pt',
    path: path.join(folder, 'net.pt'),
    tags: [],
    options: { factory },
    readFrom: [],
  };
}

it('has somebody vouch for the code that makes a network', () => {
  const sum = sha256OfFileNow(module) ?? '';
  expect(() => mustVouchForFactory(model('network:make'), {})).toThrow(
    expect.objectContaining({ code: 'UNTRUSTED_ARTIFACT', hint: expect.stringContaining(sum) }),
  );
  mustVouchForFactory(model('network:make'), { all: true });
  mustVouchForFactory(model('network.py:make'), { sha256: [sum.toUpperCase()] });
  writeFileSync(module, 'def make(): evil()\n');
  expect(() => mustVouchForFactory(model('network:make'), { sha256: [sum] })).toThrow('nobody vouches for the code');
});

it('asks nothing where no code of the zoo is run', () => {
  mustVouchForFactory(model(), {});
  mustVouchForFactory(model('installed_elsewhere:make'), {});
});
