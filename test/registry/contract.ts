/** What every registry does, whatever engine keeps it: one suite, run over each. */

import { describe, expect, test } from 'vitest';
import type { RegisterRequest, Registry } from '../../src/registry/registry.js';
import type { Signature } from '../../src/signature.js';
import type { TargetId } from '../../src/targets/targets.js';
import type { Verification } from '../../src/verify/verification.js';

export type RegistryTarget = Exclude<TargetId, 'embedded'>;

export interface RegistryUnderTest {
  /** A registry without models. */
  fresh(): Promise<Registry>;
  /** The same registry, as another process would open it. */
  again(registry: Registry): Promise<Registry>;
  /** What its models are made for. */
  target: RegistryTarget;
}

export const passed: Verification = {
  status: 'passed',
  rows: 150,
  rowsSource: 'sample',
  reference: 'native',
  runtimes: ['1.30.0', '1.12.1'],
  runtimesNotChecked: [],
  maxAbsDiff: 3.1e-7,
  maxRelDiff: 2e-6,
  labelMismatches: 0,
  rtol: 1e-4,
  atol: 1e-5,
  rounding: { rowsChanged: 0, maxAbsDiff: 0 },
};

export const signature: Signature = {
  inputs: [
    { name: 'sepal length', type: 'float', sqlType: 'real', nulls: 'nan' },
    { name: 'city', type: 'int64', sqlType: 'bigint', nulls: 'error', categories: ['Lund', "M'ö"], unknown: 'zeros' },
  ],
  outputs: [
    { name: 'label', type: 'int64', sqlType: 'bigint', role: 'label', labels: ['setosa', 'virginica'] },
    { name: 'probability', type: 'float', sqlType: 'real', role: 'probability' },
  ],
};

export function request(content: string | Uint8Array, changes: Partial<RegisterRequest> = {}): RegisterRequest {
  return {
    name: 'iris',
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
    target: 'sql-edge',
    signature,
    verification: passed,
    provenance: { source: 'iris.joblib', options: { precision: 'float', nested: [1, null, 'ü'] } },
    description: "it's a model",
    alias: null,
    allowUnverified: false,
    allowSignatureChange: false,
    ...changes,
  };
}

export function registryContract(title: string, { fresh, again, target }: RegistryUnderTest): void {
  const registration = (content: string | Uint8Array, changes: Partial<RegisterRequest> = {}) =>
    request(content, { target, ...changes });
  describe(title, () => {
    test('gives back what was registered, to another process too', async () => {
      const registry = await fresh();
      const before = new Date().toISOString();
      const { version, created } = await registry.register(registration('one', { alias: 'production' }));
      expect(created).toBe(true);
      expect(version).toMatchObject({
        name: 'iris',
        version: 1,
        sha256: '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',
        bytes: 3,
        target,
        description: "it's a model",
        signature,
        verification: passed,
        provenance: registration('one').provenance,
        aliases: ['production'],
      });
      expect(version.created >= before).toBe(true);
      const other = await again(registry);
      const read = await other.read({ name: 'iris', alias: 'production' });
      expect(read.version).toEqual(version);
      expect(Buffer.from(read.bytes).toString()).toBe('one');
    });

    test('counts versions from 1, and takes the same bytes for the same version', async () => {
      const registry = await fresh();
      await registry.register(registration('one'));
      await registry.register(registration('two'));
      const again = await registry.register(registration('one', { alias: 'old' }));
      expect(again.created).toBe(false);
      expect(again.version).toMatchObject({ version: 1, aliases: ['old'] });
      expect((await registry.register(registration('one', { name: 'other' }))).version.version).toBe(1);
      expect((await registry.versions('iris')).map(({ version }) => version)).toEqual([2, 1]);
      expect((await registry.list()).map(({ name, version }) => [name, version])).toEqual([
        ['iris', 2],
        ['other', 1],
      ]);
      expect((await registry.resolve({ name: 'iris' })).version).toBe(2);
      expect((await registry.resolve({ name: 'iris', version: 1 })).version).toBe(1);
    });

    test('never gives a number twice', async () => {
      const registry = await fresh();
      await registry.register(registration('one'));
      await registry.register(registration('two'));
      await registry.remove('iris', 2);
      expect((await registry.register(registration('two'))).version.version).toBe(3);
      await registry.remove('iris', 3);
      await registry.remove('iris', 1);
      expect(await registry.list()).toEqual([]);
      expect((await registry.register(registration('three'))).version.version).toBe(4);
    });

    test('says what there is when something is not found', async () => {
      const registry = await fresh();
      const missing = { code: 'MODEL_NOT_FOUND' };
      expect(await registry.list()).toEqual([]);
      await expect(registry.resolve({ name: 'iris' })).rejects.toMatchObject(missing);
      await expect(registry.versions('iris')).rejects.toMatchObject(missing);
      await expect(registry.history('iris')).rejects.toMatchObject(missing);
      await registry.register(registration('one', { alias: 'production' }));
      await expect(registry.resolve({ name: 'Iris' })).rejects.toMatchObject({
        ...missing,
        hint: expect.stringContaining('iris'),
      });
      await expect(registry.read({ name: 'iris', version: 7 })).rejects.toMatchObject({
        ...missing,
        message: expect.stringContaining('iris@7'),
        hint: expect.stringContaining('production'),
      });
      await expect(registry.remove('iris', 7)).rejects.toMatchObject(missing);
      await expect(
        registry.promote('iris', 7, { alias: 'production', allowSignatureChange: true }),
      ).rejects.toMatchObject(missing);
      await expect(registry.rollback('iris', 'staging')).rejects.toMatchObject(missing);
    });

    test('moves aliases, keeps their history, and goes back step by step', async () => {
      const registry = await fresh();
      for (const content of ['one', 'two', 'three']) await registry.register(registration(content));
      await registry.promote('iris', 1, { alias: 'production' });
      await registry.promote('iris', 2, { alias: 'production' });
      await registry.promote('iris', 2, { alias: 'production' });
      expect((await registry.promote('iris', 3, { alias: 'production' })).aliases).toEqual(['production']);
      expect((await registry.rollback('iris', 'production')).version).toBe(2);
      expect((await registry.rollback('iris', 'production')).version).toBe(1);
      await expect(registry.rollback('iris', 'production')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
      expect((await registry.resolve({ name: 'iris', alias: 'production' })).version).toBe(1);
      const history = await registry.history('iris');
      expect(history.map(({ action, version, previous }) => [action, version, previous])).toEqual([
        ['rollback', 1, 2],
        ['rollback', 2, 3],
        ['promote', 3, 2],
        ['promote', 2, 1],
        ['promote', 1, null],
      ]);
      expect(history.every(({ alias, at }) => alias === 'production' && /^\d{4}-.*Z$/.test(at))).toBe(true);
    });

    test('refuses what was not verified', async () => {
      const registry = await fresh();
      const refused = { code: 'UNVERIFIED_MODEL' };
      for (const verification of [
        null,
        { ...passed, status: 'failed' },
        { ...passed, status: 'unavailable' },
      ] as const) {
        await expect(registry.register(registration('one', { verification }))).rejects.toMatchObject(refused);
      }
      expect(await registry.list()).toEqual([]);
      await registry.register(registration('one', { verification: null, allowUnverified: true }));
      expect((await registry.resolve({ name: 'iris' })).verification).toBeNull();
      await registry.register(registration('one'));
      expect((await registry.resolve({ name: 'iris' })).verification).toEqual(passed);
    });

    test('refuses to move an alias to other columns, and changes nothing', async () => {
      const registry = await fresh();
      const changed: Signature = {
        inputs: [{ name: 'sepal length', type: 'double', sqlType: 'float', nulls: 'nan' }],
        outputs: signature.outputs,
      };
      await registry.register(registration('one', { alias: 'production' }));
      const next = registration('two', { signature: changed, alias: 'production' });
      const refused = {
        code: 'SIGNATURE_CHANGED',
        details: { changes: ['input sepal length was real, is float', 'input city is gone'] },
      };
      await expect(registry.register(next)).rejects.toMatchObject(refused);
      expect(await registry.versions('iris')).toHaveLength(1);
      await registry.register({ ...next, alias: null });
      await expect(registry.promote('iris', 2, { alias: 'production' })).rejects.toMatchObject(refused);
      expect((await registry.resolve({ name: 'iris', alias: 'production' })).version).toBe(1);
      expect((await registry.promote('iris', 2, { alias: 'production', allowSignatureChange: true })).aliases).toEqual([
        'production',
      ]);
    });

    test('refuses to remove a version in use, and prunes around it', async () => {
      const registry = await fresh();
      for (const content of ['one', 'two', 'three', 'four']) await registry.register(registration(content));
      await registry.promote('iris', 1, { alias: 'production' });
      await expect(registry.remove('iris', 1)).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining('production'),
      });
      const would = await registry.prune('iris', { keep: 1, dryRun: true });
      expect(would.map(({ version }) => version)).toEqual([3, 2]);
      expect(await registry.versions('iris')).toHaveLength(4);
      expect(await registry.prune('iris', { keep: 1 })).toEqual(would);
      expect((await registry.versions('iris')).map(({ version }) => version)).toEqual([4, 1]);
      await expect(registry.prune('iris', { keep: 0 })).rejects.toMatchObject({ code: 'USAGE' });
    });

    test('passes its own check', async () => {
      const registry = await fresh();
      await registry.register(registration('one'));
      await registry.register(registration(new Uint8Array(9 * 2 ** 20).map((_, index) => index % 251)));
      expect(await registry.check()).toEqual([
        { name: 'iris', version: 1, ok: true, message: null },
        { name: 'iris', version: 2, ok: true, message: null },
      ]);
    });

    test('keeps names and text as they are, whatever they hold', async () => {
      const registry = await fresh();
      const names = [
        "o'brien",
        'a"b',
        '[x]',
        'ÅÄÖ 模型',
        "'; DROP TABLE models; --",
        ']];DROP TABLE models',
        'é'.repeat(128),
        '__proto__',
        'constructor',
        'toString',
        'hasOwnProperty',
      ];
      for (const name of names) {
        const description = `${name}\n$1 %s`;
        await registry.register(registration('one', { name, description, alias: `to ${name}`.slice(0, 20).trim() }));
        expect(await registry.resolve({ name })).toMatchObject({ name, description });
        expect(await registry.history(name)).toHaveLength(1);
      }
      expect((await registry.list()).map(({ name }) => name).sort()).toEqual(names.toSorted());
    });

    test.each(['', 'a@b', ' a', 'a\nb', 'x'.repeat(129), '-rf', '--help'])('refuses the name %j', async (name) => {
      const registry = await fresh();
      await expect(registry.register(registration('one', { name }))).rejects.toMatchObject({ code: 'USAGE' });
      await expect(registry.register(registration('one', { alias: name }))).rejects.toMatchObject({ code: 'USAGE' });
    });

    test('two callers at once get different versions', async () => {
      const registry = await fresh();
      const other = await again(registry);
      const registered = await Promise.all(
        ['a', 'b', 'c', 'd'].map((content, index) => (index % 2 ? registry : other).register(registration(content))),
      );
      expect(registered.map(({ version }) => version.version).sort()).toEqual([1, 2, 3, 4]);
    });
  });
}
