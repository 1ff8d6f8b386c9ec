// One side of a comparison with a server, in a process of its own: seconds, and the peak of its memory in MB.

import { createHash, randomBytes } from 'node:crypto';
import mssql from 'mssql';
import { openServerRegistry } from '../dist/registry/open.js';

const [mode, url, size, count, statement] = process.argv.slice(2);
const bytes = randomBytes(Number(size));
const address = new URL(url);

// As register has it when it has read the file.
const sha256 = createHash('sha256').update(bytes).digest('hex');

const request = (name) => ({
  name,
  bytes,
  sha256,
  target: process.env.BENCH_TARGET,
  signature: {
    inputs: [{ name: 'x', type: 'float', sqlType: 'real', nulls: 'error' }],
    outputs: [{ name: 'y', type: 'float', sqlType: 'real', role: 'value' }],
  },
  verification: null,
  provenance: {},
  description: null,
  alias: null,
  allowUnverified: true,
  allowSignatureChange: false,
});

const unique = `bench-${process.pid}`;
const MODES = {
  async bare() {
    const pool = await new mssql.ConnectionPool({
      server: address.hostname,
      port: Number(address.port || 1433),
      user: decodeURIComponent(address.username),
      password: process.env.PREDICTABLE_PASSWORD,
      database: address.pathname.slice(1),
      requestTimeout: 300_000,
      options: { encrypt: false },
    }).connect();
    await pool.request().query('SELECT 1 AS one');
    const seconds = await timed(() => pool.request().input('data', mssql.VarBinary(mssql.MAX), bytes).query(statement));
    await pool.close();
    return seconds;
  },
  async register() {
    const registry = await openServerRegistry(url);
    await registry.list();
    const seconds = await timed(() => registry.register(request(unique)));
    await registry.remove(unique, 1);
    await registry.close();
    return seconds;
  },
  /** As a program would: one registry, eight registrations at a time. */
  async pool() {
    const registry = await openServerRegistry(url);
    const seconds = await timed(async () => {
      let next = 0;
      const work = async () => {
        while (next < Number(count)) await registry.register(request(`${unique}-${next++}`));
      };
      await Promise.all(Array.from({ length: 8 }, work));
    });
    await registry.close();
    return seconds;
  },
  /** As a loop over `predictable register` would, less the start of a process: a connection each. */
  async connections() {
    return timed(async () => {
      for (let index = 0; index < Number(count); index++) {
        const registry = await openServerRegistry(url);
        await registry.register(request(`${unique}-${index}`));
        await registry.close();
      }
    });
  },
};

const seconds = await MODES[mode]();
console.log(JSON.stringify({ seconds, peak: process.resourceUsage().maxRSS / 1024 }));
process.exit(0);

async function timed(work) {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
