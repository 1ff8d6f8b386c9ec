import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RayExecutor } from '../../../src/batch/ray/ray-executor.js';
import type { ReadyConverter } from '../../../src/convert/executor.js';
import { content, failure, gone, hasRay, request, Setting } from './setting.js';

const setting = new Setting();
let executor: RayExecutor;
let ready: ReadyConverter;
let ofItsOwn: ReturnType<Setting['manifest']>;

describe.skipIf(!(await hasRay()))('a Ray cluster of this machine', () => {
  beforeAll(async () => {
    await setting.open();
    executor = new RayExecutor({ jobs: 2, converters: setting.converters, wheelhouse: setting.wheels });
    const manifest = setting.manifest(setting.tiny);
    // Nodes get the folder of converters as it is when the first is started.
    ofItsOwn = { ...setting.manifest(setting.tiny), ownInterpreters: true };
    ready = await executor.start(manifest, manifest.environment);
  });

  afterAll(async () => {
    await executor.close();
    setting.close();
  });

  const call = (does: string, more: object = {}, options = {}) => ready.pool.call(request(ready, does, more), options);

  it('runs as many conversions at once as it was given jobs', async () => {
    expect(await executor.capacity()).toBe(2);
  });

  it('installs exactly what the lock says, from the wheelhouse', async () => {
    expect(await call('version', { module: 'tiny' })).toBe('1.0');
  });

  it("carries a model with its companions and the sample there, and the converter's files back", async () => {
    const folder = setting.fresh('model');
    const work = path.join(folder, 'work');
    mkdirSync(work, { recursive: true });
    mkdirSync(path.join(folder, 'other'));
    for (const name of ['m.txt', 'm.vocabulary', 'sample.json', 'sample.bin', 'other/stays', 'other.txt']) {
      writeFileSync(path.join(folder, name), `${name} é\0`);
    }
    const model = path.join(folder, 'm.txt');
    const answer = await call('copy', { path: model, sample: path.join(folder, 'sample'), work });
    expect(answer).toEqual({ copies: path.join(work, 'deep'), names: ['m.txt', 'm.vocabulary'], from: model });
    expect(readFileSync(path.join(work, 'deep', 'm.vocabulary'), 'utf8')).toBe('m.vocabulary é\0');
    expect(readFileSync(path.join(work, 'sample'), 'utf8')).toBe('sample.json é\0sample.bin é\0');
    expect(readdirSync(work).sort()).toEqual(['deep', 'sample']);
  });

  it('carries a model that is a folder', async () => {
    const folder = setting.fresh('model');
    const work = path.join(folder, 'work');
    mkdirSync(work, { recursive: true });
    mkdirSync(path.join(folder, 'saved', 'variables'), { recursive: true });
    for (const name of ['saved/graph.pb', 'saved/variables/data', 'sample.json', 'sample.bin']) {
      writeFileSync(path.join(folder, name), name);
    }
    const answer = await call('copy', { path: path.join(folder, 'saved'), sample: path.join(folder, 'sample'), work });
    expect(answer).toMatchObject({ names: ['saved/graph.pb', 'saved/variables/data'] });
  });

  it("says a converter's error with the paths of this machine", async () => {
    const model = setting.fresh('model.txt');
    writeFileSync(model, 'x');
    const work = setting.fresh('work');
    mkdirSync(work);
    const error = await failure(call('refuse', { path: model, work }));
    expect(error.toJSON()).toMatchObject({
      code: 'UNSUPPORTED_MODEL',
      message: `${model} is refused`,
      hint: 'by the test',
    });
  });

  it('keeps its interpreters warm, and gives them neither the settings of pip nor another order of hashes', async () => {
    const answers = (await Promise.all(Array.from({ length: 12 }, () => call('where')))) as Where[];
    expect(new Set(answers.map(({ pid }) => pid)).size).toBeLessThanOrEqual(3);
    expect(Math.max(...answers.map(({ served }) => served))).toBeGreaterThan(3);
    expect(answers[0]?.variables).toMatchObject({ PYTHONHASHSEED: '0', OMP_NUM_THREADS: '1' });
    expect(Object.keys(answers[0]?.variables ?? {}).filter((name) => name.startsWith('PIP_'))).toEqual([]);
  });

  it('runs no two converters of the same packages in one worker, where one of them changes its process', async () => {
    const apart = await executor.start(ofItsOwn, ofItsOwn.environment);
    const pids = async ({ pool }: ReadyConverter, ask: object) =>
      (await Promise.all(Array.from({ length: 6 }, () => pool.call(ask)))).map((answer) => (answer as Where).pid);
    const [those, these] = [await pids(ready, request(ready, 'where')), await pids(apart, request(apart, 'where'))];
    expect(these.filter((pid) => those.includes(pid))).toEqual([]);
    expect(await apart.pool.call(request(apart, 'version', { module: 'tiny' }))).toBe('1.0');
  });

  it('tries a conversion whose worker ended once more, and not twice', async () => {
    expect(await call('crash', { marks: setting.fresh('marks'), times: 1 })).toBe(2);
    const [marks, model] = [setting.fresh('marks'), setting.fresh('bad.txt')];
    writeFileSync(model, 'x');
    const error = await failure(call('crash', { marks, times: 99, path: model, work: setting.folder }));
    expect(error).toMatchObject({ code: 'CONVERTER_CRASHED', message: expect.stringContaining('bad.txt') });
    expect(readFileSync(marks, 'utf8')).toBe('xx');
  });

  it('fails a model that is gone, and no other', async () => {
    const there = call('where');
    const error = await failure(call('where', { path: setting.fresh('gone/m.txt'), work: setting.folder }));
    expect(error).toMatchObject({ code: 'CONVERTER_FAILED', message: expect.stringContaining('m.txt: ') });
    expect(await there).toHaveProperty('pid');
  });

  it('ends a conversion that takes too long, and what it started is gone', async () => {
    const marks = setting.fresh('marks');
    const error = await failure(call('sleep', { marks, seconds: 600 }, { timeout: 1_500 }));
    expect(error.code).toBe('CONVERTER_TIMEOUT');
    await gone(Number(readFileSync(marks, 'utf8')));
  });

  it('does not count the time in a queue', async () => {
    const calls = Array.from({ length: 6 }, () => call('where', { seconds: 1 }, { timeout: 2_500 }));
    expect(await Promise.all(calls)).toHaveLength(6);
  });

  it('cancels what runs and what waits', async () => {
    const abort = new AbortController();
    const options = { signal: abort.signal };
    const marks = Array.from({ length: 4 }, () => setting.fresh('marks'));
    const calls = marks.map((file) => failure(call('sleep', { marks: file, seconds: 600 }, options)));
    const pid = Number(await content(...marks));
    abort.abort();
    expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(Array(4).fill('CANCELLED'));
    await gone(pid);
    expect(await call('version', { module: 'tiny' })).toBe('1.0');
  });

  it.runIf(process.platform === 'linux')('cancels what is on its way to an interpreter', async () => {
    // Ray loses about every fourth of such cancellations: the conversion would run for its 600 s.
    for (let time = 0; time < 12; time++) {
      const abort = new AbortController();
      const answers = (await Promise.all([1, 2].map(() => call('where', { seconds: 0.3 })))) as Where[];
      for (const { pid } of answers) process.kill(pid, 'SIGSTOP');
      const options = { signal: abort.signal };
      const calls = answers.map(() => failure(call('sleep', { marks: setting.fresh('marks'), seconds: 600 }, options)));
      // By the driver's next answers, the tasks lie before interpreters that stand still, and then the cancellations, too.
      await executor.capacity();
      abort.abort();
      await executor.capacity();
      for (const { pid } of answers) process.kill(pid, 'SIGCONT');
      expect((await Promise.all(calls)).map(({ code }) => code)).toEqual(['CANCELLED', 'CANCELLED']);
    }
  });

  it.runIf(process.platform === 'linux')('refuses a conversion more memory than it may have', async () => {
    const error = await failure(call('hoard', { bytes: 600e6 }, { memory: 300e6 }));
    expect(error.code).toBe('OUT_OF_MEMORY');
    expect(await call('hoard', { bytes: 600e6 })).toBeGreaterThan(600e6);
  });

  it("says pip's own reason when an environment cannot be built", async () => {
    const manifest = setting.manifest(setting.tiny.replaceAll('tiny', 'missing'));
    const error = await failure(executor.start(manifest, manifest.environment));
    expect(error).toMatchObject({
      code: 'ENVIRONMENT_FAILED',
      message: expect.stringContaining('No matching distribution found for missing==1.0'),
    });
    expect(error.message).toContain(manifest.environment.name);
  });

  it('refuses a converter that needs another Python than the cluster has', async () => {
    const manifest = setting.manifest('', { min: '3.7', max: '3.8' });
    const error = await failure(executor.start(manifest, manifest.environment));
    expect(error).toMatchObject({ code: 'RAY_MISMATCH', message: expect.stringContaining('needs Python 3.7 to 3.8') });
  });

  it('leaves no process and no file when it is closed', async () => {
    const { node, pid, variables } = (await call('where')) as Where;
    const marks = setting.fresh('marks');
    const running = failure(call('sleep', { marks, seconds: 600 }));
    await content(marks);
    await executor.close();
    expect((await running).code).toBe('CANCELLED');
    await Promise.all([pid, Number(readFileSync(marks, 'utf8')), node].map(gone));
    const session = variables.VIRTUAL_ENV?.split('/session_')[0];
    expect(path.basename(session ?? '')).toMatch(/^predictable-ray-/);
    expect(existsSync(session ?? '')).toBe(false);
  });
});

interface Where {
  pid: number;
  node: number;
  served: number;
  variables: Record<string, string>;
}
