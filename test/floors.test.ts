import { describe, expect, test } from 'vitest';
import { expectBlock } from './docs/generated-block.js';
import { circles, type Floors, upwardImports } from './support/floors.js';
import { readModules } from './support/imports.js';

/** The house from the ground up: an import leads to a lower floor, never to the same one or up. */
const SRC: Floors = [
  [
    'errors.ts',
    'warnings.ts',
    'signature.ts',
    'tensor.ts',
    'paths.ts',
    'shell.ts',
    'counts.ts',
    'record-of.ts',
    'bundled',
  ],
  ['files', 'targets'],
  ['converters'],
  ['rows', 'graph', 'bridge', 'signing'],
  ['environments'],
  ['runtimes', 'detect'],
  ['inference', 'server'],
  ['sql', 'verify'],
  ['convert'],
  ['registry'],
  ['score'],
  ['library', 'batch', 'deploy', 'doctor', 'demo'],
  ['report', 'sbom'],
  ['cli', 'index.ts'],
];

const GRAPH: Floors = [
  ['codec'],
  ['operators'],
  ['walk.ts', 'picture.ts', 'good-name.ts'],
  [
    'graph-index.ts',
    'depth-first.ts',
    'control-flow.ts',
    'open-batch.ts',
    'metadata.ts',
    'limits.ts',
    'wider-columns.ts',
  ],
  ['sketch.ts', 'contract.ts', 'inspection.ts'],
  ['normalize-options.ts', 'columnar-signature.ts', 'inspect.ts'],
  ['facts'],
  ['draft.ts'],
  ['build.ts', 'facts-of.ts'],
  ['observe.ts', 'wider-columns.ts'],
  ['passes'],
  ['normalize.ts'],
];

const CLI: Floors = [
  ['exit-codes.ts', 'after-dashes.ts', 'documents.ts', 'exactly.ts'],
  ['output.ts'],
  ['command.ts', 'interruption.ts', 'text'],
  ['progress'],
  ['arguments'],
  ['commands'],
  ['commands.ts'],
  ['help.ts'],
  ['main.ts'],
];

test.each([
  ['src', SRC],
  ['src/graph', GRAPH],
  ['src/cli', CLI],
])('imports in %s go down only', (folder, floors) => {
  expect(upwardImports(readModules(folder), floors)).toEqual([]);
});

test('no module imports itself by way of others', () => {
  expect(circles(readModules('src'))).toEqual([]);
});

test('docs/architecture.md draws the floors that this test holds', async () => {
  const drawn = SRC.map((rooms, floor) => `| ${floor} | ${rooms.map((room) => `\`${room}\``).join(', ')} |`);
  await expectBlock('architecture.md', 'floors', ['| floor | rooms |', '| --- | --- |', ...drawn].join('\n'));
});

describe('what breaks the rule is found', () => {
  const house = (files: Record<string, string>) => new Map(Object.entries(files));
  const floors: Floors = [['ground.ts'], ['left', 'right'], ['roof']];

  test('an import upward, of a type or at run time too', () => {
    const modules = house({
      'ground.ts': "import type { A } from './left/a.js';\n",
      'left/a.ts': "const b = await import('../roof/b.js');\n",
      'roof/b.ts': "import { A } from '../left/a.js';\nimport { c } from './c.js';\n",
      'roof/c.ts': '',
    });
    expect(upwardImports(modules, floors)).toEqual([
      'ground.ts imports left/a.ts, which is not below it',
      'left/a.ts imports roof/b.ts, which is not below it',
    ]);
  });

  test('an import from next door, and a module without a floor', () => {
    const modules = house({ 'left/a.ts': "export { b } from '../right/b.js';\n", 'right/b.ts': '', 'attic/c.ts': '' });
    expect(upwardImports(modules, floors)).toEqual([
      'attic/c.ts stands on no floor',
      'left/a.ts imports right/b.ts, which is not below it',
    ]);
  });

  test('a circle of three', () => {
    const modules = house({
      'a.ts': "import {\n  b,\n} from './b.js';\n",
      'b.ts': "import type { C } from './c.js';\n",
      'c.ts': "const a = import('./a.js');\n",
      'd.ts': "import { a } from './a.js';\n",
    });
    expect(circles(modules)).toEqual(['a.ts → b.ts → c.ts → a.ts']);
  });
});
