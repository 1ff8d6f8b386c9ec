import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Converters } from '../../src/convert/converters.js';
import { packageRoot } from '../../src/paths.js';
import { batch } from '../batch/prepared-zoo.js';
import { lacking, readFamilies } from '../converters/other-tabular.js';
import { sharedFolder } from '../support/folder.js';
import { refusedIn } from './zoo-ends.js';

/** samples/zoo.yaml, trained and run as its first lines say. */

/** Only TensorFlow of 2020 saves it. */
const WITHOUT_SAMPLE = ['keras-onnx-savedmodel'];

const folder = sharedFolder('samples');
let converters: Converters;
let lacked: string[];

beforeAll(async () => {
  lacked = (await Promise.all((await readFamilies()).map(lacking))).filter((each) => each !== null);
  converters = await Converters.open({ jobs: 2 });
  if (lacked.length === 0) await execa('node', [path.join(packageRoot, 'samples', 'make-zoo.mjs'), folder]);
});
afterAll(async () => {
  await converters.close();
});

it('every model ends as the file says: verified by the converter that it is tagged with, or refused', async (context) => {
  if (lacked.length > 0) context.skip(`not on this machine: ${lacked.join(', ')}`);
  const lock = path.join(folder, 'trained', 'trust.lock');
  const { results } = await batch(folder, path.join(folder, 'run'), converters, { trust: { lock } });

  const refused = new Map(refusedIn(await readFile(path.join(folder, 'zoo.yaml'), 'utf8')));
  expect(Object.fromEntries(results.map(({ name, error }) => [name, error?.code ?? 'verified']))).toEqual(
    Object.fromEntries(results.map(({ name }) => [name, refused.get(name) ?? 'verified'])),
  );
  expect([...refused.keys()].filter((name) => !results.some((result) => result.name === name))).toEqual([]);
  for (const { name, verification, converter, tags } of results.filter(({ status }) => status === 'converted')) {
    expect({ name, verified: verification?.status, converter }).toEqual({
      name,
      verified: 'passed',
      converter: tags[0],
    });
  }
  const formats = converters.manifests.flatMap((manifest) => manifest.formats.map(({ id }) => id));
  const shown = new Set(results.map(({ format }) => format));
  expect(formats.filter((id) => !shown.has(id))).toEqual(WITHOUT_SAMPLE);
});
