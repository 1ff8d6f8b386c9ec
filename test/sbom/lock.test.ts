import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { lockedPackages } from '../../src/sbom/lock.js';

it('reads names, versions and hashes as pip does', () => {
  const lock = `# made by a script
numpy==2.4.6 \\
    --hash=sha256:${'a'.repeat(64)} \\
    --hash=sha256:${'b'.repeat(64)}
coloured[extra]==1.0+cpu ; python_version < "3.13" --hash=sha256:${'c'.repeat(64)}
--index-url https://example.org
`;
  expect(lockedPackages(lock)).toEqual([
    { name: 'numpy', version: '2.4.6', sha256: ['a'.repeat(64), 'b'.repeat(64)] },
    { name: 'coloured', version: '1.0+cpu', sha256: ['c'.repeat(64)] },
  ]);
});

it('finds every package of a real lock, each with a hash', () => {
  const text = readFileSync(path.join(packageRoot, 'converters', 'sklearn', 'requirements.lock'), 'utf8');
  const found = lockedPackages(text);
  expect(found).toHaveLength(text.match(/^[a-zA-Z].*==/gm)?.length ?? 0);
  expect(found.filter(({ sha256 }) => sha256.length === 0)).toEqual([]);
});
