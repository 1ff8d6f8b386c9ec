import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { circles, edgesOf, floorOf, wrongImports } from './floors.js';
import { type PythonSources, readSources } from './sources.js';

describe('the Python packages and the converters', () => {
  let sources: PythonSources;
  beforeAll(async () => {
    sources = await readSources();
  });

  it('are each on a floor, and import downwards only', () => {
    expect([...sources.keys()].filter((file) => floorOf(file) === undefined)).toEqual([]);
    expect(wrongImports(sources)).toEqual([]);
  });

  it('import in no circle, also inside functions', () => {
    expect(circles(sources)).toEqual([]);
  });

  it('are seen to import each other at all', () => {
    const seen = edgesOf(sources).map(({ from, to }) => `${from} ${to}`);
    expect(seen).toContain('converters/libsvm/graph.py python/predictable_graph/graph.py');
    expect(seen).toContain('python/predictable_ray/task.py python/predictable_bridge/host.py');
    expect(seen).toContain('converters/pytorch/trial.py converters/pytorch/loaded.py');
  });
});

describe('planted imports', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'floors-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What is found in a project of these files. */
  async function planted(name: string, files: Record<string, string>): Promise<[string[], string[]]> {
    const root = path.join(folder, name);
    mkdirSync(path.join(root, 'converters'), { recursive: true });
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
    const sources = await readSources(root);
    return [wrongImports(sources), circles(sources)];
  }

  it('a package that imports one above it, in a function', async () => {
    const [wrong, round] = await planted('upward', {
      'python/predictable_bridge/host.py': 'def call():\n    from predictable_facts.columns import Column\n',
      'python/predictable_facts/columns.py': '',
    });
    expect(wrong).toEqual(['python/predictable_bridge/host.py:2 imports python/predictable_facts/columns.py']);
    expect(round).toEqual([]);
  });

  it('a package that imports its neighbour, named as a part of it', async () => {
    const [wrong] = await planted('neighbour', {
      'python/predictable_trees/a.py': 'from predictable_tabular import b\n',
      'python/predictable_tabular/__init__.py': '',
      'python/predictable_tabular/b.py': '',
    });
    expect(wrong).toEqual(['python/predictable_trees/a.py:1 imports python/predictable_tabular/b.py']);
  });

  it('a converter that imports another, and one that a package imports', async () => {
    const [wrong] = await planted('converters', {
      'converters/one/spec.py': 'import shape\n',
      'converters/two/shape.py': '',
      'python/predictable_facts/rows.py': 'import shape\n',
    });
    expect(wrong).toEqual([
      'converters/one/spec.py:1 imports converters/two/shape.py',
      'python/predictable_facts/rows.py:1 imports converters/two/shape.py',
    ]);
  });

  it('a circle of three, one of them inside a function; not one for types alone', async () => {
    const [wrong, round] = await planted('circle', {
      'converters/one/a.py': 'import b\n',
      'converters/one/b.py': 'from c import something\n',
      'converters/one/c.py': 'def late():\n    from a import other\n',
      'converters/one/d.py': 'from e import Something\n',
      'converters/one/e.py': 'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from d import Other\n',
    });
    expect(wrong).toEqual([]);
    expect(round).toEqual(['converters/one/a.py -> converters/one/b.py -> converters/one/c.py']);
  });
});
