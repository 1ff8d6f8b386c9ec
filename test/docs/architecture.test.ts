import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { page } from './sections.js';

/** The map names files that are there. `<…>` stands for a name; what has no folder lies beside the name before it. */
test('docs/architecture.md names files and folders that there are', () => {
  const lines = page('docs/architecture.md').split('\n');
  const missing = lines.flatMap((line) => {
    let folder = '';
    return [...line.matchAll(/`([\w./<>*, -]+(?:\/|\.(?:ts|py|json|md|yaml|sh)))`/g)].flatMap(([, name = '']) => {
      const places = ['', 'src', folder, path.dirname(folder)].map((from) =>
        path.posix.join(from, name.replace(/^\//, '').replace(/<.*$/, '')),
      );
      const there = places.find((place) => existsSync(path.join(packageRoot, place)));
      if (there === undefined) return [name];
      folder = there.endsWith('/') ? there : path.posix.dirname(there);
      return [];
    });
  });
  expect(missing).toEqual([]);
});
