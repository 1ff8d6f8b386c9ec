import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../src/paths.js';

const text = readFileSync(path.join(packageRoot, 'SECURITY.md'), 'utf8');

it('SECURITY.md names tests that are there, at least one a promise', () => {
  const [, promises = ''] = /## What is promised\n([\s\S]*?)\n## /.exec(text) ?? [];
  const rows = promises.split('\n').filter((line) => line.startsWith('| ') && !/^\| (promise|---)/.test(line));
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) {
    const named = [...row.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
    expect(named, row).not.toEqual([]);
    expect(named.filter((file) => !existsSync(path.join(packageRoot, file)))).toEqual([]);
  }
});

it('SECURITY.md links to pages that are there', () => {
  const links = [...text.matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => link);
  expect(links.filter((link) => !existsSync(path.join(packageRoot, link)))).toEqual([]);
});
