import { mkdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { RayExecutor } from '../../../src/batch/ray/ray-executor.js';
import { convertAll } from '../../../src/convert/convert-all.js';
import { Converters } from '../../../src/convert/converters.js';
import { packageRoot } from '../../../src/paths.js';
import { RayCluster } from './cluster.js';
import { content, failure, hasRay, request, Setting } from './setting.js';

const setting = new Setting();
let cluster: RayCluster;
const executors: RayExecutor[] = [];

function connect(address: string, options = {}): RayExecutor {
  const executor = new RayExecutor({ address, converters: setting.converters, wheelhouse: setting.wheels, ...options });
  executors.push(executor);
  return executor;
}

describe.skipIf(!(await hasRay()))('a Ray cluster that is there', () => {
  beforeAll(async () => {
    await setting.open();
    cluster = new RayCluster(setting.driver.python);
    await cluster.start(2);
    Object.assign(process.env, cluster.variables);
  });
  afterEach(async () => {
    await Promise.all(executors.splice(0).map((executor) => executor.close()));
  });
  afterAll(() => {
    cluster?.close();
    setting.close();
    for (const name of Object.keys(cluster?.variables ?? {})) delete process.env[name];
  });

  it('is reached by a Ray client from any machine', async () => {
    // Before it connects, which is when nodes get the converters.
    const manifest = setting.manifest();
    const executor = connect(cluster.client);
    expect(await executor.capacity()).toBe(2);
    const ready = await executor.start(manifest, manifest.environment);
    expect(await ready.pool.call(request(ready, 'crash', { marks: setting.fresh('marks'), times: 1 }))).toBe(2);
    const late = ready.pool.call(request(ready, 'sleep', { marks: setting.fresh('marks'), seconds: 600 }), {
      timeout: 500,
    });
    expect((await failure(late)).code).toBe('CONVERTER_TIMEOUT');
  });

  it('is said to be unreachable where nobody listens, and where Ray does not', async () => {
    const nobody = await failure(connect('127.0.0.1:9').capacity());
    expect(nobody).toMatchObject({ code: 'RAY_UNREACHABLE', message: expect.stringContaining('127.0.0.1:9') });
    expect(nobody.hint).toContain('ray://HOST:10001');
    expect((await failure(connect('no-address').capacity())).code).toBe('USAGE');
  });

  it('converts real models to the same bytes, though a node is killed in the middle', async () => {
    const [models, here, there] = [setting.fresh('models'), setting.fresh('here'), setting.fresh('there')];
    mkdirSync(models, { recursive: true });
    const local = await Converters.open();
    const sklearn = local.manifests.find(({ id }) => id === 'sklearn');
    // One whose Python here is the cluster's: a model names the Python that it was converted by.
    const old = sklearn?.environments.find(({ name }) => name === 'scikit-learn 1.2');
    if (sklearn === undefined || old === undefined) throw new Error('the converter has no scikit-learn 1.2');
    const { environment } = await local.prepare(sklearn, old);
    for (const name of ['a', 'b', 'c']) {
      await execa(String(environment.python), [
        path.join(packageRoot, 'test', 'batteries', 'old_models.py'),
        models,
        name,
      ]);
    }
    const options = { trust: { all: true }, jobs: 4 };
    await convertAll([models], local, { ...options, out: here });
    await local.close();

    const remote = await Converters.open({
      executor: connect(cluster.address, { converters: undefined, wheelhouse: undefined }),
    });
    let results = 0;
    const converted = await convertAll([models], remote, {
      ...options,
      out: there,
      onResult: () => {
        if (++results === 3) cluster.killNode(0);
      },
    });
    await remote.close();
    expect(converted.map(({ name, status }) => [name, status])).toEqual(
      converted.map(({ name }) => [name, 'converted']),
    );
    const names = (await readdir(here)).filter((name) => name.endsWith('.onnx'));
    expect(names).toHaveLength(15);
    for (const name of names) {
      expect((await readFile(path.join(there, name))).equals(await readFile(path.join(here, name))), name).toBe(true);
    }
  });

  it('ends what is under way with a typed error when its head dies', async () => {
    const executor = connect(cluster.address);
    const manifest = setting.manifest();
    const ready = await executor.start(manifest, manifest.environment);
    const marks = setting.fresh('marks');
    const running = failure(ready.pool.call(request(ready, 'sleep', { marks, seconds: 600 })));
    await content(marks);
    cluster.killHead();
    expect((await running).code).toBe('RAY_UNREACHABLE');
    expect((await failure(ready.pool.call(request(ready, 'where')))).code).toBe('RAY_UNREACHABLE');
  });
});
