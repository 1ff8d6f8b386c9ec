import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRun } from '../../src/batch/read-run.js';
import { registering } from '../../src/batch/registering.js';
import type { BatchDocument } from '../../src/batch/results.js';
import { Converters } from '../../src/convert/converters.js';
import type { ConverterPool } from '../../src/convert/executor.js';
import { LocalExecutor } from '../../src/convert/local-executor.js';
import type { ConverterRequest } from '../../src/converters/request.js';
import { packageRoot } from '../../src/paths.js';
import { openRegistry } from '../../src/registry/open.js';
import { type EcKey, readPrivateKey, readPublicKey } from '../../src/signing/keys.js';
import { verifyModel } from '../../src/signing/model-files.js';
import { batch, copies, type PreparedZoo, prepareZoo, products } from './prepared-zoo.js';

let prepared: PreparedZoo;
let converters: Converters;

beforeAll(async () => {
  prepared = await prepareZoo();
  converters = await Converters.open({ jobs: 2 });
});

afterAll(async () => {
  await converters?.close();
  await prepared?.close();
});

const folderOf = (name: string) => path.join(prepared.root, name);

async function keys(name: string): Promise<{ key: EcKey; pub: EcKey }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const [key, pub] = [folderOf(`${name}.key`), folderOf(`${name}.pub`)];
  writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(pub, publicKey.export({ type: 'spki', format: 'pem' }));
  return { key: await readPrivateKey(key), pub: await readPublicKey(pub) };
}

function statuses({ results }: BatchDocument): Record<string, string> {
  return Object.fromEntries(results.map(({ name, status, error }) => [name, error?.code ?? status]));
}

describe('a run', () => {
  it('converts what can be, says why of the rest, and knows all of it the next time', async () => {
    const folder = folderOf('run');
    const first = await batch(prepared.zoo, folder, converters);
    expect(first.run.finished).toBe(true);
    expect(first.run.totals).toEqual({ models: 16, converted: 15, cached: 0, failed: 1, skipped: 0 });
    expect(statuses(first)['iris-isomap']).toBe('UNSUPPORTED_MODEL');
    for (const { name, verification, output } of first.results.filter(({ status }) => status === 'converted')) {
      expect(verification?.status, name).toBe('passed');
      expect(existsSync(path.join(folder, output ?? '')), name).toBe(true);
    }
    expect(await readRun(folder)).toEqual(first);

    const before = products(folder);
    const touched: string[] = [];
    const again = await batch(prepared.zoo, folder, converters, {
      resume: true,
      onPlan: ({ lanes, refused }) =>
        touched.push(...lanes.map(({ manifest }) => manifest.id), ...refused.map(({ model }) => model.name)),
    });
    expect(touched).toEqual([]);
    expect(again.run.totals).toEqual({ models: 16, converted: 0, cached: 15, failed: 1, skipped: 0 });
    expect(products(folder)).toEqual(before);
  });

  it('is byte for byte the same in another folder', async () => {
    await batch(prepared.zoo, folderOf('other'), converters, { slots: () => 1 });
    expect(products(folderOf('other'))).toEqual(products(folderOf('run')));
  });

  it('does again what has changed, and removes what a model that now fails had left', async () => {
    const zoo = folderOf('changing');
    await copies(prepared.zoo, 'iris', zoo, ['one', 'two']);
    await batch(zoo, folderOf('changing-run'), converters);
    writeFileSync(path.join(zoo, 'one.joblib'), 'not a model any more');
    const changed = await batch(zoo, folderOf('changing-run'), converters, { resume: true });
    expect(statuses(changed)).toEqual({ one: 'CORRUPT_MODEL', two: 'cached' });
    expect([...products(folderOf('changing-run')).keys()]).toEqual([
      'models/two.json',
      'models/two.onnx',
      'evidence/two.json',
    ]);
    const otherwise = await batch(zoo, folderOf('changing-run'), converters, {
      resume: true,
      defaults: { target: 'sql-edge-1' },
    });
    expect(statuses(otherwise)).toEqual({ one: 'CORRUPT_MODEL', two: 'converted' });
  });

  it('signs each model that it converts, and does it again for another key', async () => {
    const zoo = folderOf('signing');
    const run = folderOf('signing-run');
    await copies(prepared.zoo, 'iris', zoo, ['one', 'two']);
    writeFileSync(path.join(zoo, 'three.joblib'), 'not a model');
    const [first, second] = [await keys('first'), await keys('second')];
    const signedBy = (key: EcKey) => ({ resume: true, settings: { keepUnverified: false, signKey: key } });
    const verified = (name: string, key: EcKey) => verifyModel(path.join(run, 'models', `${name}.onnx`), [key]);

    const done = await batch(zoo, run, converters, signedBy(first.key));
    expect(statuses(done)).toEqual({ one: 'converted', three: 'CORRUPT_MODEL', two: 'converted' });
    for (const name of ['one', 'two']) {
      expect(await verified(name, first.pub)).toMatchObject({ files: [`${name}.onnx`, `${name}.json`] });
    }
    expect(done.results.map(({ name, signedBy }) => [name, signedBy])).toEqual([
      ['one', first.pub.fingerprint],
      ['three', undefined],
      ['two', first.pub.fingerprint],
    ]);
    expect(existsSync(path.join(run, 'models', 'three.sig'))).toBe(false);
    expect(statuses(await batch(zoo, run, converters, signedBy(first.key))).one).toBe('cached');

    writeFileSync(path.join(zoo, 'two.joblib'), 'not a model any more');
    expect(statuses(await batch(zoo, run, converters, signedBy(second.key)))).toMatchObject({ one: 'converted' });
    expect(await verified('one', second.pub)).toMatchObject({ signer: second.pub.fingerprint });
    await expect(verified('one', first.pub)).rejects.toMatchObject({ code: 'UNTRUSTED_SIGNER' });
    expect(existsSync(path.join(run, 'models', 'two.sig'))).toBe(false);
  });

  it('takes no folder that holds a run, nor one in which another works', async () => {
    await expect(batch(prepared.zoo, folderOf('run'), converters)).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    const zoo = folderOf('pair');
    await copies(prepared.zoo, 'iris', zoo, ['one', 'two']);
    const first = batch(zoo, folderOf('pair-run'), converters, { resume: true });
    const second = batch(zoo, folderOf('pair-run'), converters, { resume: true });
    const [one, other] = await Promise.allSettled([first, second]);
    expect([one.status, other.status].sort()).toEqual(['fulfilled', 'rejected']);
    const refused = one.status === 'rejected' ? one : other;
    expect(refused).toMatchObject({ reason: { code: 'RUN_LOCKED' } });
  });

  it('registers each verified model once, however often it is run', async () => {
    const registry = await openRegistry(`duckdb:${folderOf('models.duckdb')}`);
    try {
      const once = await batch(prepared.zoo, folderOf('run'), converters, {
        resume: true,
        register: await registering(registry),
      });
      expect(once.results.filter(({ registered }) => registered?.created)).toHaveLength(15);
      const twice = await batch(prepared.zoo, folderOf('run'), converters, {
        resume: true,
        register: await registering(registry),
      });
      expect(twice.results.filter(({ registered }) => registered?.created === false)).toHaveLength(15);
      expect(await registry.list()).toHaveLength(15);
    } finally {
      await registry.close();
    }
  });

  it('abandons what it holds when it is interrupted, and goes on from there', async () => {
    const stop = new AbortController();
    const folder = folderOf('interrupted');
    let done = 0;
    const interrupted = await batch(prepared.zoo, folder, converters, {
      signal: stop.signal,
      onResult: () => {
        if (++done === 4) stop.abort();
      },
    });
    expect(interrupted.run.finished).toBe(false);
    expect(interrupted.run.totals.skipped).toBeGreaterThan(0);
    expect(interrupted.results.filter(({ error }) => error?.code === 'CANCELLED')).toEqual([]);
    const whole = await batch(prepared.zoo, folder, converters, { resume: true });
    expect(whole.run.totals.cached).toBeGreaterThanOrEqual(interrupted.run.totals.converted);
    expect(whole.run.totals.skipped).toBe(0);
    expect(products(folder)).toEqual(products(folderOf('run')));
  });
});

/** Says in each request whether a call about the same file has crashed before: behind its walls, code cannot leave a note. */
function toldOfCrashes(pool: ConverterPool): ConverterPool {
  const crashed = new Set<string>();
  return {
    rest: () => pool.rest(),
    sandbox: () => pool.sandbox(),
    call: async (request, options) => {
      const name = path.basename((request as ConverterRequest).path);
      try {
        return await pool.call({ ...request, crashed: crashed.has(name) }, options);
      } catch (thrown) {
        crashed.add(name);
        throw thrown;
      }
    },
  };
}

describe('a model whose conversion goes wrong', () => {
  let wild: Converters;
  let results: Record<string, string>;
  let document: BatchDocument;

  beforeAll(async () => {
    const entry = path.join(packageRoot, 'test', 'batch', 'misbehaving.py');
    const local = new LocalExecutor({ jobs: 2, read: [path.dirname(entry)] });
    wild = await Converters.open({
      executor: {
        start: async (manifest, environment) => {
          const ready = await local.start(manifest, environment);
          return { ...ready, pool: toldOfCrashes(ready.pool), entry };
        },
        close: () => local.close(),
      },
    });
    const zoo = folderOf('wild');
    const names = [
      'killed-once',
      'killed-always',
      'hungry',
      'endless',
      ...Array.from({ length: 8 }, (_, index) => `tame${index}`),
    ];
    await copies(prepared.zoo, 'iris', zoo, names);
    document = await batch(zoo, folderOf('wild-run'), wild, { memory: 900 * 2 ** 20, defaults: { timeout: 15_000 } });
    results = statuses(document);
  });

  afterAll(() => wild?.close());

  const attemptsOf = (name: string) => document.results.find((result) => result.name === name)?.attempts;

  it('is tried once more after a crash', () => {
    expect(results['killed-once']).toBe('converted');
    expect(attemptsOf('killed-once')).toBe(2);
    expect(results['killed-always']).toBe('CONVERTER_CRASHED');
    expect(attemptsOf('killed-always')).toBe(2);
  });

  it('is ended when it holds more memory than is allowed', () => {
    expect(results.hungry).toBe('OUT_OF_MEMORY');
    expect(attemptsOf('hungry')).toBe(2);
  });

  it('is ended when it takes too long, and not tried again', () => {
    expect(results.endless).toBe('CONVERTER_TIMEOUT');
    expect(attemptsOf('endless')).toBe(1);
  });

  it('costs nobody else anything', () => {
    for (let index = 0; index < 8; index++) expect(results[`tame${index}`]).toBe('converted');
    expect(readdirSync(folderOf('wild-run')).sort()).toEqual(['evidence', 'journal.jsonl', 'models', 'results.json']);
  });

  it('is tried again by the next run', async () => {
    rmSync(path.join(folderOf('wild'), 'hungry.joblib'));
    rmSync(path.join(folderOf('wild'), 'endless.joblib'));
    const again = await batch(folderOf('wild'), folderOf('wild-run'), converters, { resume: true });
    expect(statuses(again)['killed-always']).toBe('converted');
    expect(again.run.totals.cached).toBe(9);
  });
});
