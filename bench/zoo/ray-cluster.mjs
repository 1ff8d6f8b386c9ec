// A real Ray cluster on this machine: a head without CPUs, and worker nodes that can be killed one by one.

import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../prepare.mjs';

// What `venv` puts into an environment, and pip alone does not: Ray activates the copies that it makes on a node.
const ACTIVATION = 'import sys, venv; b = venv.EnvBuilder(); b.setup_scripts(b.ensure_directories(sys.prefix))';

const ALIVE = `
import sys
from ray._raylet import GcsClient
print(sum(node.state == 0 for node in GcsClient(address=sys.argv[1]).get_all_node_info(timeout=5).values()))
`;

// Ray counts attempts from 0; a task that was tried again appears once for each.
const RETRIES = `
import json, sys
from ray.util.state import list_tasks
tried = list_tasks(address=sys.argv[1], filters=[("attempt_number", "!=", "0")], limit=10000, timeout=60)
print(json.dumps([{"name": task.name, "attempt": task.attempt_number, "state": task.state} for task in tried]))
`;

export class RayCluster {
  #started = [];
  #folders = [];
  #python;

  /** `python`: of an environment with Ray. `cpus`: of each worker node. */
  static async start(python, nodes, cpus) {
    const cluster = new RayCluster();
    cluster.#python = python;
    cluster.variables = { RAY_AUTH_MODE: 'token', RAY_AUTH_TOKEN: randomBytes(32).toString('hex') };
    run(python, '-c', ACTIVATION);
    const [port, client, dashboard] = await freePorts(3);
    cluster.address = `127.0.0.1:${port}`;
    cluster.dashboard = `http://127.0.0.1:${dashboard}`;
    const ports = [`--port=${port}`, `--ray-client-server-port=${client}`, `--dashboard-port=${dashboard}`];
    await cluster.#add(['--head', ...ports, '--num-cpus=0']);
    for (let node = 0; node < nodes; node++) {
      await cluster.#add([`--address=${cluster.address}`, `--num-cpus=${cpus}`]);
    }
    return cluster;
  }

  /** As a machine that loses its power. */
  killNode(number) {
    end(this.#started[number + 1]);
  }

  /** What the cluster began anew, as Ray tells it. */
  retries() {
    const { status, stdout, stderr } = this.#ask(RETRIES, this.dashboard);
    if (status !== 0) throw new Error(`Ray told nothing of its tasks:\n${stderr}`);
    return JSON.parse(stdout);
  }

  close() {
    for (const child of this.#started) end(child);
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** One after the other: nodes that start at once on one machine take each other's names. */
  async #add(args) {
    // Each its own folder, or one removes the environments that another has built. Short: sockets lie in it.
    const folder = path.join('/tmp', `rb-${process.pid}-${this.#started.length}`);
    this.#folders.push(folder);
    const start = ['-m', 'ray.scripts.scripts', 'start', '--node-ip-address=127.0.0.1', `--temp-dir=${folder}`];
    const child = spawn(this.#python, [...start, ...args, '--block'], {
      detached: true,
      stdio: 'ignore',
      env: { ...process.env, ...this.variables, RAY_USAGE_STATS_ENABLED: '0' },
    });
    this.#started.push(child);
    while (this.#alive() < this.#started.length) {
      if (child.exitCode !== null) throw new Error(`ray start ended with ${child.exitCode}`);
      await sleep(300);
    }
  }

  #alive() {
    return Number(this.#ask(ALIVE, this.address).stdout);
  }

  #ask(script, address) {
    const env = { ...process.env, ...this.variables };
    return spawnSync(this.#python, ['-c', script, address], { env, encoding: 'utf8', timeout: 90_000 });
  }
}

/** All of the node in one moment: workers have groups of their own, and would still deliver what they have in hand. */
function end({ pid }) {
  for (const each of [...descendants(pid), pid]) {
    try {
      process.kill(each, 'SIGKILL');
    } catch {
      // It has ended before.
    }
  }
}

/** The deepest first, so that no worker sees its raylet die. */
function descendants(pid) {
  const parents = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n');
  const pairs = parents.map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent) => pairs.filter(([, of]) => of === parent).flatMap(([child]) => [...below(child), child]);
  return below(pid);
}

/** Outside of the range that Ray's workers take. */
async function freePorts(count) {
  const servers = [];
  while (servers.length < count) {
    const server = createServer();
    const port = 20_100 + Math.floor(Math.random() * 10_000);
    const bound = await new Promise((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
    if (bound) servers.push({ server, port });
  }
  for (const { server } of servers) server.close();
  return servers.map(({ port }) => port);
}
