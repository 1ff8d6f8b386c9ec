import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Converters } from '../../src/convert/converters.js';
import type { Conversion } from '../../src/convert/document.js';
import type { ErrorDocument } from '../../src/errors.js';
import { bomOf } from '../../src/sbom/bom.js';
import { document } from '../cli/run.js';
import { sharedFolder } from '../support/folder.js';
import { complaintOfSchema } from '../support/model-signing/model-signing.js';
import { prepare } from '../support/prepared.js';

/** Bills of materials of real conversions, by the command, held against CycloneDX's own schema. */

const folder = sharedFolder('bom');
const sum = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
const read = async (name: string) => JSON.parse(await readFile(path.join(folder, name), 'utf8'));

beforeAll(async () => {
  const prepared = await prepare();
  await prepared.python('samples/train.py', folder, '--only', 'iris', 'iris-linear');
  await prepared.close();
});

interface Part {
  name: string;
  ref: string;
}

const convert = async (...words: string[]) => {
  const { json } = await document(['convert', ...words, '-o', path.join(folder, 'out')]);
  return json as unknown as { results: Conversion[]; error?: ErrorDocument };
};

describe('the bill of materials of a conversion', () => {
  it('is valid, and says what the model is, what it was made from and with, and what was found', async () => {
    const file = path.join(folder, 'iris.cdx.json');
    const { results } = await convert(path.join(folder, 'iris-linear.skops'), '--sbom', file);
    expect(await complaintOfSchema(file)).toBe(null);
    const bom = await read('iris.cdx.json');
    const [conversion] = results;
    expect(bom.metadata.component).toMatchObject({
      type: 'machine-learning-model',
      name: 'iris-linear',
      hashes: [{ alg: 'SHA-256', content: await sum(path.join(folder, 'out', 'iris-linear.onnx')) }],
      pedigree: {
        ancestors: [
          {
            name: 'iris-linear.skops',
            hashes: [{ alg: 'SHA-256', content: await sum(path.join(folder, 'iris-linear.skops')) }],
          },
        ],
      },
      modelCard: {
        quantitativeAnalysis: {
          performanceMetrics: expect.arrayContaining([
            {
              type: 'largest absolute difference to the original',
              value: String(conversion?.verification?.maxAbsDiff),
            },
            { type: 'labels that differ from those of the original', value: '0' },
          ]),
        },
      },
    });
    const { libraries = {} } = conversion?.provenance ?? {};
    const parts = new Map(bom.components.map((part: Part) => [part.name, part]));
    expect(parts.get('scikit-learn')).toMatchObject({
      version: libraries['scikit-learn'],
      purl: `pkg:pypi/scikit-learn@${libraries['scikit-learn']}`,
      externalReferences: [{ hashes: expect.arrayContaining([{ alg: 'SHA-256', content: expect.any(String) }]) }],
    });
    expect(bom.components.filter(({ name }: Part) => name === 'onnxruntime-node')).toHaveLength(2);
    expect(bom.dependencies[0].dependsOn).toHaveLength(bom.components.length);
  });

  it('is of all that were converted, and of none that was refused', async () => {
    const file = path.join(folder, 'both.cdx.json');
    const { results } = await convert(
      path.join(folder, 'iris-linear.skops'),
      path.join(folder, 'iris.joblib'),
      '--sbom',
      file,
    );
    expect(results.map(({ status }) => status)).toEqual(['converted', 'failed']);
    expect(await complaintOfSchema(file)).toBe(null);
    const models = (await read('both.cdx.json')).dependencies.map(({ ref }: Part) => ref);
    expect(models).toEqual(['model:iris-linear']);
  });

  it('has each package once, in the version that is installed on this machine', async () => {
    const converters = await Converters.open();
    try {
      const pytorch = converters.manifests.find(({ id }) => id === 'pytorch')!;
      const { lockSha256, environment } = await converters.prepare(pytorch);
      const provenance = { lock: lockSha256, environment: environment.name, libraries: {} } as Conversion['provenance'];
      const conversion = { name: 'net', status: 'converted', converter: 'pytorch', target: 'sql-edge', provenance };
      const bom = (await bomOf([conversion as Conversion], converters)) as { components: (Part & { purl: string })[] };
      const purls = bom.components.map(({ purl }) => purl.replace(/@.*/, ''));
      expect(purls).toEqual([...new Set(purls)]);
      expect(purls).toContain('pkg:pypi/torch');
      // Only Windows has it.
      expect(purls).not.toContain('pkg:pypi/colorama');
    } finally {
      await converters.close();
    }
  });

  it('takes the place of none of the files that were written, and is asked for its folder first', async () => {
    const model = path.join(folder, 'iris-linear.skops');
    const written = path.join(folder, 'out', 'iris-linear.json');
    const { error } = await convert(model, '--sbom', written);
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining('was just converted') });
    expect(JSON.parse(await readFile(written, 'utf8')).name).toBe('iris-linear');
    const nowhere = await convert(model, '--sbom', path.join(folder, 'nowhere', 'bom.json'));
    expect(nowhere.error).toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('of nothing is one of no parts', async () => {
    expect(await bomOf([], await Converters.open())).toMatchObject({ components: [], dependencies: [] });
  });

  it('goes nowhere where the model lies', async () => {
    const model = path.join(folder, 'iris-linear.skops');
    const before = await sum(model);
    const { error } = await convert(model, '--sbom', model);
    expect(error).toMatchObject({ code: 'USAGE', message: expect.stringContaining('is read') });
    expect(await sum(model)).toBe(before);
  });
});
