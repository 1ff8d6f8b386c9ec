import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRegistry } from '../../../src/registry/open.js';
import { registryContract, request } from '../contract.js';

let folder = '';
let files = 0;
const newFile = () => path.join(folder, `registry ${++files}.duckdb`);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'registry-'));
});
afterAll(() => rm(folder, { recursive: true }));

registryContract('the embedded registry', {
  fresh: () => openRegistry(`duckdb:${newFile()}`),
  again: (registry) => openRegistry(registry.url),
  target: 'sql-edge',
});

async function edit(file: string, ...statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  for (const statement of statements) await connection.run(statement);
  connection.closeSync();
  instance.closeSync();
}

function startLoop(file: string, bytes: number): { child: ChildProcess; versions: AsyncIterableIterator<string> } {
  const script = fileURLToPath(new URL('./register-loop.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, file, String(bytes)], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, versions: createInterface({ input: child.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]() };
}

test('reading makes no file', async () => {
  const file = newFile();
  const registry = await openRegistry(`duckdb:${file}`);
  expect(await registry.list()).toEqual([]);
  expect(await registry.check()).toEqual([]);
  await expect(stat(file)).rejects.toThrow();
});

test.each(['predictable.duckdb', 'main.duckdb', 'temp.duckdb', 'memory.duckdb'])(
  'the file may be named %s',
  async (name) => {
    const registry = await openRegistry(`duckdb:${path.join(folder, name)}`);
    await registry.register(request('one'));
    expect((await registry.list()).map(({ version }) => version)).toEqual([1]);
  },
);

test('opened for reading only, it refuses to write', async () => {
  const registry = await openRegistry(`duckdb:${newFile()}`, { readOnly: true });
  await expect(registry.register(request('one'))).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

test("a user's own tables in the same file stay as they are", async () => {
  const file = newFile();
  await edit(file, 'CREATE TABLE models AS SELECT 1 AS mine');
  const registry = await openRegistry(`duckdb:${file}`);
  expect(await registry.list()).toEqual([]);
  await registry.register(request('one'));
  await edit(file, 'INSERT INTO models VALUES (2)');
  expect(await registry.list()).toHaveLength(1);
});

test('stored bytes that were changed are noticed when read and when checked', async () => {
  const file = newFile();
  const registry = await openRegistry(`duckdb:${file}`);
  for (const content of ['one', 'two', 'three', 'four']) await registry.register(request(content));
  await edit(
    file,
    "UPDATE predictable.contents SET data = 'onf'::BLOB WHERE version = 1",
    'DELETE FROM predictable.contents WHERE version = 2',
    "UPDATE predictable.contents SET data = 'much longer'::BLOB WHERE version = 3",
  );
  const mismatch = { code: 'CHECKSUM_MISMATCH' };
  for (const version of [1, 2, 3])
    await expect(registry.read({ name: 'iris', version })).rejects.toMatchObject(mismatch);
  expect((await registry.check()).map(({ version, ok }) => [version, ok])).toEqual([
    [1, false],
    [2, false],
    [3, false],
    [4, true],
  ]);
});

test('a byte that the disk lost is noticed, and the other models still read', async () => {
  const file = newFile();
  const registry = await openRegistry(`duckdb:${file}`);
  // Random, so that DuckDB stores it as it is and not compressed.
  const content = randomBytes(2 ** 20);
  await registry.register(request(content));
  await registry.register(request(randomBytes(2 ** 20)));
  const whole = await readFile(file);
  const handle = await open(file, 'r+');
  // A block that is free again may hold an older copy: all of them change.
  const marker = content.subarray(5000, 5032);
  let copies = 0;
  for (let at = whole.indexOf(marker); at >= 0; at = whole.indexOf(marker, at + 1), copies++) {
    await handle.write(Buffer.from([(content[5000] ?? 0) ^ 1]), 0, 1, at);
  }
  expect(copies).toBeGreaterThan(0);
  await handle.close();
  await expect(registry.read({ name: 'iris', version: 1 })).rejects.toMatchObject({ code: 'CHECKSUM_MISMATCH' });
  expect((await registry.check()).map(({ ok }) => ok)).toEqual([false, true]);
});

test.each([
  ['text', 'city,age\nLund,3\n'],
  ['nothing', ''],
  ['a header alone', `12345678DUCK${'\0'.repeat(100)}`],
])('a file of %s is refused and left as it is', async (_, content) => {
  const file = newFile();
  await writeFile(file, content);
  const registry = await openRegistry(`duckdb:${file}`);
  const damaged = { code: 'REGISTRY_DAMAGED', message: expect.stringContaining(file) };
  await expect(registry.list()).rejects.toMatchObject(damaged);
  await expect(registry.register(request('one'))).rejects.toMatchObject(damaged);
  expect(await readFile(file, 'utf8')).toBe(content);
});

test('a registry of a newer version is refused', async () => {
  const file = newFile();
  const registry = await openRegistry(`duckdb:${file}`);
  await registry.register(request('one'));
  await edit(file, "INSERT INTO predictable.schema_version VALUES (99, '')");
  await expect(registry.list()).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('newer') });
});

test('a file that another process holds is REGISTRY_LOCKED, with the holder', async () => {
  const file = newFile();
  await (await openRegistry(`duckdb:${file}`)).register(request('one'));
  const hold = `require('@duckdb/node-api').DuckDBInstance.create(process.argv[1]).then(() => { console.log('held'); setInterval(() => {}, 1000); })`;
  const child = spawn(process.execPath, ['-e', hold, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    cwd: process.cwd(),
  });
  try {
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    const registry = await openRegistry(`duckdb:${file}`, { patience: 0 });
    const locked = { code: 'REGISTRY_LOCKED', message: expect.stringContaining(`process ${child.pid}`) };
    await expect(registry.list()).rejects.toMatchObject(locked);
    await expect(registry.register(request('two'))).rejects.toMatchObject(locked);
    if (process.platform === 'linux') await expect(registry.list()).rejects.toThrow(/node/);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test('two processes take turns', async () => {
  const file = newFile();
  const loops = [startLoop(file, 1000), startLoop(file, 1000)];
  const seen: string[] = [];
  for (const { versions } of loops) for (let index = 0; index < 3; index++) seen.push((await versions.next()).value);
  for (const { child } of loops) child.kill('SIGKILL');
  await Promise.all(loops.map(({ child }) => once(child, 'exit')));
  expect(new Set(seen).size).toBe(6);
});

/** The larger is committed in parts. */
test.each([
  [6, 3],
  [20, 2],
])('a process killed while it registers %i MiB leaves whole versions only, %i times', async (mebibytes, rounds) => {
  const file = newFile();
  const bytes = mebibytes * 2 ** 20;
  for (let round = 0; round < rounds; round++) {
    const { child, versions } = startLoop(file, bytes);
    let last = 0;
    for (let index = 0; index <= round % 2; index++) last = Number((await versions.next()).value);
    // Just after one version is there, the next is being written.
    child.kill('SIGKILL');
    await once(child, 'exit');
    const registry = await openRegistry(`duckdb:${file}`);
    const results = await registry.check();
    expect(results.every(({ ok }) => ok)).toBe(true);
    const newest = await registry.resolve({ name: 'loop' });
    expect(newest.version).toBeGreaterThanOrEqual(last);
    expect(newest).toMatchObject({ bytes, aliases: ['newest'] });
    expect(await registry.history('loop')).toHaveLength(results.length);
  }
  expect((await readdir(folder)).filter((name) => name.startsWith('.predictable-'))).toEqual([]);
});

test('what a killed process left of a large model goes when the next is registered', async () => {
  const file = newFile();
  const registry = await openRegistry(`duckdb:${file}`);
  await registry.register(request('a', { name: 'first' }));
  await edit(file, "INSERT INTO predictable.contents VALUES ('lost', 1, 0, 'x'::BLOB), ('first', 2, 0, 'x'::BLOB)");
  await registry.register(request(randomBytes(20 * 2 ** 20), { name: 'second' }));
  expect((await registry.check()).map(({ name, ok }) => [name, ok])).toEqual([
    ['first', true],
    ['second', true],
  ]);
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  const left = await connection.runAndReadAll('SELECT DISTINCT name, version FROM predictable.contents ORDER BY name');
  expect(left.getRows()).toEqual([
    ['first', 1],
    ['second', 1],
  ]);
  connection.closeSync();
  instance.closeSync();
});
