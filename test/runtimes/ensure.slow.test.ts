import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { compiledModule } from '../../src/paths.js';
import { downloadRuntimes } from '../../src/runtimes/download.js';
import { plusOne } from '../inference/graphs.js';
import { sharedFolder } from '../support/folder.js';

/** Real packages from npm's registry, in caches of their own. */

const VERSION = '1.12.1';
const folder = sharedFolder('runtimes');
let wheelhouse: string;

beforeAll(async () => {
  wheelhouse = path.join(folder, 'wheels');
  await downloadRuntimes(wheelhouse);
});

interface Ensured {
  folder?: string;
  fetched?: boolean;
  /** What the graph makes of 1. */
  result?: number;
  phases: string[];
  error?: { code: string; message: string; hint?: string };
}

/** In a process of its own, as every command is one. */
const PROGRAM = `
import { ensureRuntime } from ${JSON.stringify(compiledModule('runtimes/ensure.js').href)};
import { openNative, NativeTensor } from ${JSON.stringify(compiledModule('inference/binding.js').href)};
const { wheelhouse, abort, graph } = JSON.parse(process.argv[1]);
const phases = [];
const stop = new AbortController();
const onProgress = ({ phase }) => {
  phases.push(phase);
  if (phase === abort) stop.abort();
};
let said;
try {
  const { folder, binding, fetched } = await ensureRuntime('${VERSION}', { wheelhouse, onProgress, signal: stop.signal });
  const session = openNative(binding, Uint8Array.from(graph));
  const { y } = session.run({ x: new NativeTensor('float32', Float32Array.of(1), [1, 1]) });
  said = { folder, fetched, result: y.data[0] };
} catch (error) {
  said = { error };
}
console.log(JSON.stringify({ phases, ...said }));
process.exit();
`;

async function ensure(
  cache: string,
  options: { wheelhouse?: string; abort?: string; env?: Record<string, string>; cwd?: string } = {},
): Promise<Ensured> {
  const { env = {}, cwd = folder, ...rest } = options;
  const argument = JSON.stringify({ ...rest, graph: [...plusOne()] });
  const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', PROGRAM, argument], {
    cwd,
    env: { PREDICTABLE_CACHE: cache, ...env },
  });
  return JSON.parse(stdout) as Ensured;
}

let caches = 0;
const newCache = () => path.join(folder, `cache-${++caches}`);
const left = (cache: string) => (existsSync(path.join(cache, 'runtimes')) ? readdir(path.join(cache, 'runtimes')) : []);

describe('a runtime', () => {
  it('is fetched once, runs, and is this machine’s files alone', async () => {
    const cache = newCache();
    const first = await ensure(cache);
    expect(first).toMatchObject({ fetched: true, result: 2, phases: ['fetching', 'fetched'] });
    expect(await ensure(cache)).toEqual({ ...first, fetched: false, phases: [] });
    const files = await readdir(first.folder ?? '', { recursive: true, withFileTypes: true });
    const names = files.filter((entry) => entry.isFile()).map(({ name }) => name);
    expect(
      names.filter((name) => !/onnxruntime(_binding\.node|.*\.(so|dylib|dll))|^predictable\.json$/.test(name)),
    ).toEqual([]);
    expect(names).toHaveLength(3);
  });

  it('is fetched by one of several that want it at once', async () => {
    const cache = newCache();
    const all = await Promise.all([1, 2, 3].map(() => ensure(cache, { wheelhouse })));
    expect(all.map(({ result }) => result)).toEqual([2, 2, 2]);
    expect(all.filter(({ fetched }) => fetched)).toHaveLength(1);
    expect(await left(cache)).toEqual([path.basename(all[0]?.folder ?? '')]);
  });

  it.each([
    ['is missing', (file: string) => rm(file)],
    ['was changed', (file: string) => appendFile(file, 'more')],
    [
      'was changed in place',
      async (file: string) => {
        const bytes = await readFile(file);
        bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
        await writeFile(file, bytes);
        await utimes(file, 1, 1);
      },
    ],
  ])('is fetched again when a file of it %s', async (_, damage) => {
    const cache = newCache();
    const { folder: place = '' } = await ensure(cache, { wheelhouse });
    await damage(await library(place));
    expect(await ensure(cache, { wheelhouse })).toMatchObject({ fetched: true, result: 2, folder: place });
    expect(await left(cache)).toEqual([path.basename(place)]);
  });

  it('is still the one when the whole cache was copied', async () => {
    const cache = newCache();
    const copy = newCache();
    await ensure(cache, { wheelhouse });
    await cp(cache, copy, { recursive: true });
    const [name = ''] = await left(copy);
    await utimes(await library(path.join(copy, 'runtimes', name)), 1, 1);
    expect(await ensure(copy)).toMatchObject({ fetched: false, result: 2 });
  });

  it('is not taken from a package that is not the one that was locked', async () => {
    const cache = newCache();
    const other = path.join(folder, 'other');
    await mkdir(other);
    await cp(path.join(wheelhouse, 'onnxruntime-node-1.30.0.tgz'), path.join(other, `onnxruntime-node-${VERSION}.tgz`));
    const { error } = await ensure(cache, { wheelhouse: other });
    expect(error).toMatchObject({
      code: 'ENVIRONMENT_FAILED',
      message: `ONNX Runtime ${VERSION} is not the package that was locked`,
      hint: expect.stringContaining(other),
    });
    expect(await left(cache)).toEqual([]);
  });

  it('leaves nothing when it is interrupted', async () => {
    const cache = newCache();
    expect(await ensure(cache, { abort: 'fetching' })).toMatchObject({ error: { code: 'CANCELLED' } });
    expect(await left(cache)).toEqual([]);
  });
});

describe('where it comes from', () => {
  const nowhere = 'http://127.0.0.1:9/';

  it('is not for the working folder to say', async () => {
    const cwd = path.join(folder, 'hostile');
    await mkdir(cwd);
    await writeFile(path.join(cwd, '.npmrc'), `registry=${nowhere}\ncache=${path.join(folder, 'npm-cache')}\n`);
    await writeFile(path.join(cwd, 'package.json'), '{}');
    expect(await ensure(path.join(cwd, 'cache'), { cwd })).toMatchObject({ fetched: true, result: 2 });
    expect(existsSync(path.join(folder, 'npm-cache'))).toBe(false);
  });

  it('is said by npm’s settings, and when it can’t be reached, the error says what to do', async () => {
    const cache = newCache();
    const env = {
      npm_config_registry: nowhere.replace('//', '//user:s3cret-word@'),
      npm_config_cache: path.join(folder, 'empty'),
      npm_config_fetch_retries: '0',
    };
    const { error } = await ensure(cache, { env });
    expect(error).toMatchObject({
      code: 'ENVIRONMENT_FAILED',
      message: expect.stringMatching(/^ONNX Runtime 1\.12\.1 could not be fetched: .*ECONNREFUSED/),
      hint: expect.stringContaining('setup CONVERTER --download DIR'),
    });
    expect(JSON.stringify(error)).not.toContain('s3cret-word');
    expect(await left(cache)).toEqual([]);
  });

  it('may be a folder: a machine without npm can use it', async () => {
    const cache = newCache();
    const env = { PATH: path.join(folder, 'no-programs') };
    const { error } = await ensure(cache, { env });
    expect(error).toMatchObject({
      code: 'ENVIRONMENT_FAILED',
      message: `ONNX Runtime ${VERSION} can't be fetched: there is no npm here`,
      hint: expect.stringContaining('setup CONVERTER --wheelhouse DIR'),
    });
    expect(await ensure(cache, { env, wheelhouse })).toMatchObject({ fetched: true, result: 2 });
  });

  it('is named when the folder does not have it', async () => {
    const { error } = await ensure(newCache(), { wheelhouse: folder });
    expect(error).toMatchObject({
      code: 'ENVIRONMENT_FAILED',
      message: `ONNX Runtime ${VERSION} can't be taken from ${path.join(folder, `onnxruntime-node-${VERSION}.tgz`)}`,
    });
  });
});

async function library(place: string): Promise<string> {
  const files = await readdir(place, { recursive: true });
  return path.join(place, files.find((name) => /libonnxruntime|onnxruntime\.dll/.test(name)) ?? '');
}
