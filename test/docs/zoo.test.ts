import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseZooFile } from '../../src/batch/zoo/zoo-file.js';
import { REFUSED, TAKES, zooFileSchema } from '../../src/batch/zoo/zoo-schema.js';
import { readManifests } from '../../src/converters/manifest.js';
import { markdownTable } from '../generated-page.js';
import { expectBlock } from './generated-block.js';
import { fenced, page } from './sections.js';

/** The page of zoos: what it says of keys and flavors is what the program takes. */

interface Schema {
  description?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

test('every key of a zoo.yaml, with what it takes', async () => {
  const { properties = {} } = z.toJSONSchema(zooFileSchema) as unknown as Schema;
  const entries = properties.models?.items?.properties ?? {};
  const keys = (within: Record<string, Schema>, place: string) =>
    Object.entries(within).map(([key, { description = '' }]) => {
      expect(description, key).not.toBe('');
      return [`\`${key}\``, place, TAKES[key as keyof typeof TAKES], description];
    });
  const rows = [...keys(properties, 'file'), ...keys(entries, 'model')];
  expect(rows.map(([key]) => key)).toHaveLength(Object.keys(TAKES).length);
  await expectBlock('zoo.md', 'keys', markdownTable(['key', 'of the', 'takes', ''], rows));
});

test('what a zoo.yaml must not say', async () => {
  const rows = Object.entries(REFUSED).map(([key, reason]) => [`\`${key}\``, reason]);
  await expectBlock('zoo.md', 'refused', markdownTable(['key', 'since'], rows));
});

test('every flavor of MLflow that is read', async () => {
  const rows = (await readManifests()).flatMap(({ id, mlflow }) =>
    mlflow.map(({ flavor, files }) => [`\`${flavor}\``, id, files.map((file) => `\`${file}\``).join(', ')]),
  );
  expect(rows.length).toBeGreaterThan(5);
  await expectBlock(
    'zoo.md',
    'flavors',
    markdownTable(['flavor', 'converter', 'the first of these that is there'], rows),
  );
});

test('its zoo.yaml is one', async () => {
  const [text = '', ...others] = fenced(page('docs/zoo.md'), 'yaml');
  expect(others).toEqual([]);
  const { content } = parseZooFile('zoo.yaml', text);
  expect(content.models).toHaveLength(3);
});
