import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { z } from 'zod';
import { DOCUMENTS, type DocumentName } from '../../src/cli/documents.js';
import { type ScriptedServer, startScripted } from '../registry/mssql/scripted/server.js';
import { sharedFolder } from '../support/folder.js';
import { strictly } from '../support/strictly.js';
import { document, predictable, program } from './run.js';

/** The commands of a registry on a server, one after the other, against a server that answers by script. */
let server: ScriptedServer;
const cwd = sharedFolder('server');
let registry: string;
const PASSWORD = 'hunter22-hunter22';
const fixture = path.resolve(import.meta.dirname, '../graph/fixtures/iris-logistic.onnx');

beforeAll(async () => {
  server = await startScripted({ login: ({ password }) => (password === PASSWORD ? null : REFUSED) });
  registry = `mssql://ml@127.0.0.1:${server.tds.port}/plant?encrypt=false`;
  const normalized = await predictable(['normalize', fixture, '--columns', 'a,b,c,d', '-o', 'iris.onnx'], { cwd });
  expect(normalized.stderr).toBe('');
  const changed = ['normalize', fixture, '--columns', 'a,b,c,other', '-o', 'other.onnx'];
  expect((await predictable(changed, { cwd })).exitCode).toBe(0);
});
afterAll(async () => {
  await server.close();
});

const REFUSED = { number: 18456, message: "Login failed for user 'ml'.", class: 14 };

async function ask<N extends DocumentName>(name: N, args: string[], exitCode = 0) {
  const env = { PREDICTABLE_PASSWORD: PASSWORD, PREDICTABLE_REGISTRY: registry };
  const { json, ran } = await document([name, ...args], { cwd, env });
  expect(ran.exitCode, JSON.stringify(json).slice(0, 2000)).toBe(exitCode);
  expect(ran.stdout + ran.stderr).not.toContain(PASSWORD);
  const schema = exitCode === 0 ? DOCUMENTS[name] : DOCUMENTS.error;
  return strictly(schema, json) as z.infer<(typeof DOCUMENTS)[N]> & z.infer<(typeof DOCUMENTS)['error']>;
}

it('says that there is no registry, and makes one only when it is told to', async () => {
  expect((await ask('list', [], 2)).error.code).toBe('REGISTRY_NOT_INITIALIZED');
  const refused = await ask('register', ['iris.onnx', '--allow-unverified'], 2);
  expect(refused.error).toMatchObject({ code: 'REGISTRY_NOT_INITIALIZED', hint: expect.stringContaining('--init') });
  const dry = await ask('init', ['--dry-run']);
  expect(dry.changes).toContain('table [dbo].[models]');
  expect(server.state().tables).toEqual([]);
  expect(await ask('init', [])).toMatchObject({ dryRun: false, changes: dry.changes });
  expect((await ask('init', [])).changes).toEqual([]);
});

it('registers, lists and shows, with who did it', async () => {
  const { results } = await ask('register', ['iris.onnx', '--allow-unverified', '--alias', 'production']);
  expect(results).toMatchObject([
    { created: true, model: { name: 'iris', version: 1, aliases: ['production'], createdBy: 'ml' } },
  ]);
  expect((await ask('register', ['iris.onnx', '--allow-unverified'])).results).toMatchObject([{ created: false }]);
  const { registry: url, models } = await ask('list', []);
  expect(url).toBe(registry);
  expect(models.map(({ name, version }) => [name, version])).toEqual([['iris', 1]]);
  expect((await ask('show', ['iris@production'])).model.signature.inputs.map(({ name }) => name)).toEqual([
    'a',
    'b',
    'c',
    'd',
  ]);
});

it('guards the alias, moves it, and moves it back', async () => {
  const other = ['other.onnx', '--name', 'iris', '--allow-unverified'];
  expect((await ask('register', [...other, '--alias', 'production'], 1)).error.code).toBe('SIGNATURE_CHANGED');
  await ask('register', other);
  expect((await ask('promote', ['iris@2', 'production', '--allow-signature-change'])).model?.version).toBe(2);
  expect((await ask('rollback', ['iris', 'production'])).model?.version).toBe(1);
  const { events } = await ask('history', ['iris']);
  expect(events.map(({ action, version, by }) => [action, version, by])).toEqual([
    ['rollback', 1, 'ml'],
    ['promote', 2, 'ml'],
    ['register', 1, 'ml'],
  ]);
});

it('pulls the same bytes, checks them, and removes', async () => {
  expect((await ask('pull', ['iris@production', '-o', 'pulled.onnx'])).files).toEqual(['pulled.onnx', 'pulled.json']);
  expect(await readFile(path.join(cwd, 'pulled.onnx'))).toEqual(await readFile(path.join(cwd, 'iris.onnx')));
  expect((await ask('check', [])).results.every(({ ok }) => ok)).toBe(true);
  await ask('remove', ['iris@2']);
  expect((await ask('prune', ['iris', '--keep', '1'])).removed).toEqual([]);
});

it('scores a file here with a model from there', async () => {
  const rows = path.join(cwd, 'rows.csv');
  await execa(process.execPath, [
    '-e',
    `require('fs').writeFileSync(${JSON.stringify(rows)}, 'a,b,c,d\\n5.1,3.5,1.4,0.2\\n')`,
  ]);
  expect(await ask('score', ['iris', '--data', 'rows.csv', '-o', 'scored.csv'])).toMatchObject({ rows: 1, registry });
});

it('writes scripts, their undo and the roles, and sends nothing for them', async () => {
  const before = server.tds.connections;
  await ask('init', ['--script', 'init.sql']);
  await ask('register', ['iris.onnx', '--allow-unverified', '--alias', 'production', '--script', 'register.sql']);
  await ask('promote', ['iris@1', 'staging', '--script', 'promote.sql']);
  expect(server.tds.connections).toBe(before);
  const requests = server.tds.requests.length;
  await ask('register', [
    'other.onnx',
    '--name',
    'iris',
    '--allow-unverified',
    '--allow-signature-change',
    '--alias',
    'production',
  ]);
  const written = server.state().events.length;
  await ask('rollback', ['iris', 'production', '--script', 'rollback.sql']);
  await ask('remove', ['iris@1', '--script', 'remove.sql']);
  const pruned = await ask('prune', ['iris', '--keep', '1', '--script', 'prune.sql']);
  expect(pruned.removed.map(({ version }) => version)).toEqual([1]);
  expect(server.tds.requests.length).toBeGreaterThan(requests);
  expect(server.state().events).toHaveLength(written);
  const files = (await readdir(cwd)).filter((name) => name.endsWith('.sql')).sort();
  expect(files).toEqual([
    'init.roles.sql',
    'init.sql',
    'init.undo.sql',
    'promote.sql',
    'promote.undo.sql',
    'prune.sql',
    'prune.undo.sql',
    'register.sql',
    'register.undo.sql',
    'remove.sql',
    'remove.undo.sql',
    'rollback.sql',
    'rollback.undo.sql',
  ]);
  const text = await readFile(path.join(cwd, 'register.sql'), 'utf8');
  expect(text).toContain((await readFile(path.join(cwd, 'iris.onnx'))).toString('hex'));
});

it('refuses a wrong password and a missing one, each with a way on', async () => {
  const wrong = await predictable(['list', '--registry', registry], { cwd, env: { PREDICTABLE_PASSWORD: 'wrong' } });
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain('LOGIN_FAILED');
  expect(wrong.stderr).not.toContain('wrong');
  const missing = await predictable(['list', '--registry', registry], { cwd, env: {} });
  expect(missing.exitCode).toBe(2);
  expect(missing.stderr).toContain('PREDICTABLE_PASSWORD');
});

it('takes the password from stdin, and from the address in the environment', async () => {
  const stdin = await execa(process.execPath, [program, 'list', '--registry', registry, '--password-stdin'], {
    cwd,
    input: `${PASSWORD}\n`,
    reject: false,
  });
  expect(stdin.stderr).toBe('');
  expect(stdin.stdout).toContain('1 model');
  const address = registry.replace('ml@', `ml:${PASSWORD}@`);
  const fromEnvironment = await predictable(['list'], { cwd, env: { PREDICTABLE_REGISTRY: address } });
  expect(fromEnvironment.stdout).toContain('1 model');
  expect(fromEnvironment.stdout + fromEnvironment.stderr).not.toContain(PASSWORD);
});
