import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/paths.js';
import { descendants } from './processes.js';
import { gone, hasRay, Setting } from './setting.js';

const setting = new Setting();
let run: ChildProcess | undefined;

describe.skipIf(process.platform === 'win32' || !(await hasRay()))('a run on Ray that is killed', () => {
  beforeAll(() => setting.open());
  afterAll(() => {
    run?.kill('SIGKILL');
    setting.close();
  });

  it('leaves no process of its cluster behind', async () => {
    const executor = pathToFileURL(path.join(packageRoot, 'dist', 'batch', 'ray', 'ray-executor.js')).href;
    const script = `
      const { RayExecutor } = await import(${JSON.stringify(executor)});
      const executor = new RayExecutor({ jobs: 1 });
      process.stdout.write(String(await executor.capacity()));
      setInterval(() => undefined, 1_000);`;
    run = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const { stdout, pid } = run;
    if (stdout === null || pid === undefined) throw new Error('it was not started');
    const said = await new Promise((resolve) => stdout.once('data', (data) => resolve(String(data))));
    expect(said).toBe('1');
    const started = descendants(pid);
    const commands = started.map(({ command }) => command).join('\n');
    expect(commands).toMatch(/gcs_server/);
    expect(commands).toMatch(/raylet/);
    process.kill(pid, 'SIGKILL');
    await Promise.all(started.map((process) => gone(process.pid)));
  });
});
