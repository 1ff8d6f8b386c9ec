/** A real Ray cluster on this machine: a head without CPUs, and nodes of one CPU that can be killed one by one. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { descendants } from './processes.js';

const TOKEN = 'a-token-of-the-tests-that-is-long-enough';

export class RayCluster {
  address = '';
  client = '';
  readonly #nodes: ChildProcess[] = [];
  readonly #folders: string[] = [];

  /** `python`: of an environment with Ray. */
  constructor(private readonly python: string) {}

  async start(nodes: number): Promise<void> {
    // As docs/ray.md says; the environment of the driver lacks the scripts that Ray activates its copies with.
    execFileSync(this.python, [
      '-c',
      'import sys, venv; b = venv.EnvBuilder(); b.setup_scripts(b.ensure_directories(sys.prefix))',
    ]);
    const [port, client] = await freePorts(2);
    this.address = `127.0.0.1:${port}`;
    this.client = `ray://127.0.0.1:${client}`;
    const head = ['--head', `--port=${port}`, `--ray-client-server-port=${client}`, '--num-cpus=0'];
    this.#run([...head, '--include-dashboard=false', '--node-ip-address=127.0.0.1']);
    await this.#until(1);
    for (let count = 1; count <= nodes; count++) {
      this.#run([`--address=${this.address}`, '--num-cpus=1', '--node-ip-address=127.0.0.1']);
      // One after the other: two that start at once take each other's names.
      await this.#until(count + 1);
    }
  }

  /** As a machine that loses its power: its workers, which would deliver what they have in hand, go first. */
  killNode(number: number): void {
    kill(this.#nodes[number + 1]?.pid);
  }

  /** The variables that a driver needs to be let in. */
  get variables(): Record<string, string> {
    return { RAY_AUTH_MODE: 'token', RAY_AUTH_TOKEN: TOKEN };
  }

  killHead(): void {
    kill(this.#nodes[0]?.pid);
  }

  close(): void {
    for (const { pid } of this.#nodes) kill(pid);
    for (const folder of this.#folders)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  #run(args: string[]): void {
    // Nodes of one machine must not share a folder: each removes the environments that it did not build.
    const folder = path.join('/tmp', `rt-${process.pid}-${this.#nodes.length}`);
    this.#folders.push(folder);
    const command = ['-m', 'ray.scripts.scripts', 'start', ...args, `--temp-dir=${folder}`, '--block'];
    this.#nodes.push(spawn(this.python, command, { detached: true, stdio: 'ignore', env: this.#env() }));
  }

  async #until(alive: number): Promise<void> {
    while (this.#alive() < alive) await sleep(300);
  }

  #alive(): number {
    const script =
      'import sys; from ray._raylet import GcsClient; print(sum(n.state == 0 for n in GcsClient(address=sys.argv[1]).get_all_node_info(timeout=5).values()))';
    try {
      const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
      return Number(
        execFileSync(this.python, ['-c', script, this.address], { env: this.#env(), stdio, timeout: 20_000 }),
      );
    } catch {
      return 0;
    }
  }

  #env(): NodeJS.ProcessEnv {
    return { ...process.env, ...this.variables, RAY_USAGE_STATS_ENABLED: '0', RUNTIME_ENV_RETRY_TIMES: '1' };
  }
}

function kill(node: number | undefined): void {
  if (node === undefined) return;
  for (const pid of [...descendants(node).map((each) => each.pid), node]) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended before.
    }
  }
}

/** Outside of the range that Ray's workers take. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      for (;;) {
        const server = createServer();
        const port = 20_100 + Math.floor(Math.random() * 10_000);
        const bound = await new Promise<boolean>((resolve) => {
          server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
        });
        if (bound) return { server, port };
      }
    }),
  );
  for (const { server } of servers) server.close();
  return servers.map(({ port }) => port);
}
