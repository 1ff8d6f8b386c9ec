import { afterAll } from 'vitest';
import { registryContract } from '../contract.js';
import { type ScriptedServer, startScripted } from './scripted/server.js';

const servers: ScriptedServer[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
});

async function start(): Promise<ScriptedServer> {
  const server = await startScripted();
  servers.push(server);
  return server;
}

registryContract('the registry on a server, on the wire', {
  async fresh() {
    const registry = (await start()).registry();
    await registry.initialize();
    return registry;
  },
  async again(registry) {
    const server = servers.find(({ tds }) => registry.url.includes(`:${tds.port}/`));
    if (server === undefined) throw new Error('no such server');
    return server.registry();
  },
  target: 'sql-edge',
});
