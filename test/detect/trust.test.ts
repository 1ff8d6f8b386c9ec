import { mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readManifests } from '../../src/converters/manifest.js';
import { type Detected, detect } from '../../src/detect/detect.js';
import { admit, readTrustLock, sha256OfModel, writeTrustLock } from '../../src/detect/trust.js';
import { sha256OfFile } from '../../src/files/sha256.js';
import { sharedFolder } from '../support/folder.js';

const PICKLE = Buffer.from('\x80\x02csklearn.svm._classes\nSVC\nq\x00.', 'latin1');

const folder = sharedFolder('trust');
let work: string;
let pickle: Detected;

beforeAll(async () => {
  work = path.join(folder, 'work');
  await mkdir(work);
  const file = path.join(folder, 'svc.pkl');
  await writeFile(file, PICKLE);
  pickle = await detect(file, await readManifests());
});

describe('admit', () => {
  it('refuses a pickle that nobody vouches for, and says how to allow it', async () => {
    const error = await admit(pickle, {}, work).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'UNTRUSTED_ARTIFACT' });
    expect(String((error as Error).message).split('\n')).toHaveLength(2);
    expect((error as { hint: string }).hint).toMatch(/trust\.lock.*\n.*--trust-sha256 [0-9a-f]{64}\n.*--trust$/);
  });

  it('takes it with --trust, with its sha256, and with a lock that lists it', async () => {
    const sha256 = await sha256OfFile(pickle.path);
    const lock = path.join(folder, 'trust.lock');
    await writeTrustLock([pickle.path], lock);
    for (const trust of [{ all: true }, { sha256: [sha256.toUpperCase()] }, { lock }]) {
      const admitted = await admit(pickle, trust, work);
      expect(admitted).toMatchObject({ sha256, trusted: true });
      expect(await readFile(admitted.path)).toEqual(PICKLE);
    }
  });

  it('does not take a file that changed since the lock was written', async () => {
    const lock = path.join(folder, 'old.lock');
    await writeTrustLock([pickle.path], lock);
    const changed = path.join(folder, 'changed', 'svc.pkl');
    await mkdir(path.dirname(changed));
    await writeFile(changed, Buffer.concat([PICKLE, Buffer.from('.')]));
    await expect(admit({ ...pickle, path: changed }, { lock }, work)).rejects.toMatchObject({
      code: 'UNTRUSTED_ARTIFACT',
    });
  });
});

describe('a folder that is a model', () => {
  it('is copied whole, without links, and known by all its files', async () => {
    const model = path.join(folder, 'pipeline');
    await mkdir(path.join(model, 'metadata'), { recursive: true });
    await mkdir(path.join(model, 'stages'));
    await writeFile(path.join(model, 'metadata', 'part-0'), '{}');
    await symlink('/etc/hostname', path.join(model, 'stages', 'link'));
    const detected = await detect(model, await readManifests());
    const { path: copy, sha256 } = await admit(detected, {}, work);
    expect(await readdir(copy, { recursive: true })).toEqual(['metadata', 'stages', path.join('metadata', 'part-0')]);
    expect(sha256).toBe(await sha256OfModel(model));
    await writeFile(path.join(model, 'metadata', 'part-0'), '{ }');
    expect(await sha256OfModel(model)).not.toBe(sha256);
  });
});

describe('a file with companions', () => {
  it('is copied with those that have its stem, and known by all of them', async () => {
    const parts = path.join(folder, 'parts');
    await mkdir(parts);
    const names = ['net.meta', 'net.index', 'net.data-00000-of-00001', 'net.txt', 'network.index', 'other.index'];
    for (const name of names) await writeFile(path.join(parts, name), name);
    await symlink('/etc/hostname', path.join(parts, 'net.data-1'));
    const format = { ...pickle.format, companions: ['.index', '.data-*'], loading: 'safe' as const };
    const model = { ...pickle, path: path.join(parts, 'net.meta'), format };
    const admitted = await mkdtemp(path.join(work, 'parts-'));
    const { sha256 } = await admit(model, {}, admitted);
    expect((await readdir(admitted)).sort()).toEqual(['net.data-00000-of-00001', 'net.index', 'net.meta']);
    await writeFile(path.join(parts, 'net.txt'), 'changed');
    expect((await admit(model, {}, await mkdtemp(path.join(work, 'parts-')))).sha256).toBe(sha256);
    await writeFile(path.join(parts, 'net.index'), 'changed');
    expect((await admit(model, {}, await mkdtemp(path.join(work, 'parts-')))).sha256).not.toBe(sha256);
  });
});

describe('trust.lock', () => {
  it('is sorted, relative and the same each time', async () => {
    const other = path.join(folder, 'a.pkl');
    await writeFile(other, 'x');
    const lock = path.join(folder, 'sorted.lock');
    await writeTrustLock([pickle.path, other], lock);
    const first = await readFile(lock, 'utf8');
    await writeTrustLock([other, pickle.path], lock);
    expect(await readFile(lock, 'utf8')).toBe(first);
    expect(
      first
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.slice(66)),
    ).toEqual(['a.pkl', 'svc.pkl']);
  });

  it('refuses a line that it cannot read', async () => {
    const lock = path.join(folder, 'bad.lock');
    await writeFile(lock, '# fine\n\nsvc.pkl\n');
    await expect(readTrustLock(lock)).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('line 3'),
    });
  });
});
