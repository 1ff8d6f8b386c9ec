import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { freshFolder } from '../support/folder.js';

/** It is written without types: it runs before anything is compiled. */
const { linkScripts } = (await import(pathToFileURL(path.join(packageRoot, 'scripts', 'link-scripts.mjs')).href)) as {
  linkScripts: (folder: string, entry: string) => string;
};

const folder = freshFolder('link');

async function linked(modules: Record<string, string>): Promise<string> {
  for (const [name, text] of Object.entries(modules)) await writeFile(path.join(folder, name), text);
  return linkScripts(folder, 'main.js');
}

it('puts what is imported before who imports it, once', async () => {
  const script = await linked({
    'main.js':
      "import { twice } from './twice.js';\nimport { two } from './two.js';\nglobalThis.result = twice(two);\n",
    'twice.js': "import { two } from './two.js';\nexport function twice(value) {\n  return value * two;\n}\n",
    'two.js': 'export const two = 2;\n',
  });
  const context: { result?: number } = {};
  runInNewContext(`globalThis.result = 0; ${script}`, context);
  expect(context.result).toBe(4);
});

it('leaves text that looks like an import alone', async () => {
  const script = await linked({
    'main.js': "const text = `\n  import { a } from './a.js';\n`;\nglobalThis.result = text;\n",
  });
  const context: { result?: string } = {};
  runInNewContext(script, context);
  expect(context.result).toContain("import { a } from './a.js'");
});

it.each([
  [
    'two of a name',
    { 'main.js': "import { a } from './a.js';\nconst b = a;\n", 'a.js': 'const b = 1;\nexport const a = b;\n' },
    'both declare b',
  ],
  ['a circle', { 'main.js': "import { a } from './a.js';\n", 'a.js': "import { m } from './main.js';\n" }, 'circle'],
  ['a default import', { 'main.js': "import a from './a.js';\n", 'a.js': '' }, 'not understood'],
  ['a default export', { 'main.js': 'export default 1;\n' }, 'not understood'],
  [
    'another name',
    { 'main.js': "import { a as b } from './a.js';\n", 'a.js': 'export const a = 1;\n' },
    'not understood',
  ],
  ['a package', { 'main.js': "import { a } from 'vega';\n" }, 'not understood'],
])('refuses %s', async (_, modules, message) => {
  await expect(linked(modules as Record<string, string>)).rejects.toThrow(message);
});
