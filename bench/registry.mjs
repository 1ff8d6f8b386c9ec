// Registering on a server: a large model against a bare insert of the same bytes by the same driver, and many small ones
// through one pool against a connection each. On a server on loopback that answers by script, or on a real one:
// PREDICTABLE_TEST_MSSQL=mssql://user:password@host/database npm run bench registry

import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { openServerRegistry } from '../dist/registry/open.js';
import { formatAddress, parseAddress } from '../dist/server/address.js';
import { median } from './measure.mjs';
import { bench, run, work } from './prepare.mjs';

const LARGE = 90 * 2 ** 20;
const SMALL = 4096;
/** Of a real server fewer: it may take half a second for each connection. */
const MANY = { loopback: 1000, real: 100 };
const TABLE = `predictable_bench_${process.pid}`;
const INSERT = `INSERT INTO ${TABLE} ([data]) VALUES (@data);`;
const ROUNDS = 5;

export async function registering() {
  const server = process.env.PREDICTABLE_TEST_MSSQL === undefined ? await loopback() : await real();
  try {
    return [await large(server), await many(server)];
  } finally {
    await server.close();
  }
}

async function large(server) {
  const ours = [];
  const theirs = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const register = side(server, 'register', LARGE);
    const bare = side(server, 'bare', LARGE);
    if (round === 0) continue;
    ours.push(register);
    theirs.push(bare);
  }
  const ratios = ours.map(({ seconds }, index) => seconds / theirs[index].seconds);
  const peak = (sides) => Math.round(median(sides.map((each) => each.peak)));
  return {
    name: `register a model of 90 MB / bare insert of its bytes (${server.title})`,
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    ours: median(ours.map(({ seconds }) => seconds)),
    theirs: median(theirs.map(({ seconds }) => seconds)),
    goal: '≤ 1.3',
    met: median(ratios) <= 1.3,
    note: `peak memory ${peak(ours)} MB, bare ${peak(theirs)} MB`,
  };
}

async function many(server) {
  const { many: count } = server;
  const ours = side(server, 'pool', SMALL, count);
  const theirs = side(server, 'connections', SMALL, count);
  const ratio = ours.seconds / theirs.seconds;
  return {
    name: `${count} models of 4 KB through one pool / a connection each (${server.title})`,
    ratio,
    ours: ours.seconds,
    theirs: theirs.seconds,
    goal: '≤ 1',
    met: ratio <= 1,
    note: `${Math.round(count / ours.seconds)} models/s`,
  };
}

function side(server, mode, size, count = 1) {
  const worker = path.join(bench, 'registry-worker.mjs');
  process.env.BENCH_TARGET = server.target;
  process.env.PREDICTABLE_PASSWORD = server.password;
  return JSON.parse(run(process.execPath, worker, mode, server.url, String(size), String(count), INSERT));
}

async function loopback() {
  const root = path.join(bench, '..');
  const out = path.join(work, 'server');
  run(
    process.execPath,
    path.join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    ...['-p', path.join(root, 'tsconfig.test.json'), '--noEmit', 'false', '--outDir', out, '--noCheck'],
  );
  const child = fork(path.join(out, 'bench', 'registry-server.js'), [INSERT], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [port] = await once(child.stdout, 'data');
  const url = `mssql://bench@127.0.0.1:${String(port).trim()}/bench?encrypt=false`;
  const server = {
    title: 'loopback',
    url,
    password: 'none',
    target: 'sql-edge',
    many: MANY.loopback,
    close: async () => child.kill(),
  };
  process.env.PREDICTABLE_PASSWORD = server.password;
  const registry = await openServerRegistry(url);
  await registry.initialize();
  await registry.close();
  return server;
}

async function real() {
  const address = { ...parseAddress(process.env.PREDICTABLE_TEST_MSSQL), table: `bench_${process.pid}` };
  process.env.PREDICTABLE_PASSWORD = address.password ?? process.env.PREDICTABLE_PASSWORD;
  const url = formatAddress(address);
  const registry = await openServerRegistry(url);
  await registry.initialize();
  await registry.server.batch(`CREATE TABLE ${TABLE} ([id] int IDENTITY(1,1) NOT NULL, [data] varbinary(max) NULL);`);
  const { title, target } = await registry.facts();
  return {
    title: title.slice(0, 40),
    url,
    password: process.env.PREDICTABLE_PASSWORD,
    target,
    many: MANY.real,
    async close() {
      const { tables } = await registry.place();
      const { schema: _schema, ...named } = tables;
      for (const table of [...Object.values(named), TABLE]) await registry.server.batch(`DROP TABLE ${table};`);
      await registry.close();
    },
  };
}
