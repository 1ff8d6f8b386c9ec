import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { startScripted } from '../registry/mssql/scripted/server.js';
import { sharedFolder } from '../support/folder.js';
import { cleanVariables, sharedCache } from './clean-npm.js';
import { exportedNames, writeStrictProgram } from './strict-program.js';

/** What somebody gets who has the tarball and npm's registry, and nothing else of ours. */

const MEBIBYTE = 2 ** 20;
const MOST_MEBIBYTES = 250;
const NPMS = ['10', '11', 'here'] as const;
/** The rest is tried with the older one. */
const [OLDER] = NPMS;
const TYPESCRIPT = ['5', '7'] as const;

const folder = sharedFolder('tarball');
let cache: string;
let tarball: string;
let variables: Record<string, string>;

beforeAll(async () => {
  cache = path.join(folder, 'cache');
  await mkdir(cache);
  const shared = sharedCache();
  for (const part of shared.parts) await symlink(path.join(shared.from, part), path.join(cache, part));
  variables = await cleanVariables(folder, cache);
  const { stdout } = await execa('npm', ['pack', '--pack-destination', folder, '--json'], { cwd: packageRoot });
  const [packed] = JSON.parse(stdout) as { filename: string }[];
  tarball = path.join(folder, packed?.filename ?? '');
  const { packages } = JSON.parse(readFileSync(path.join(packageRoot, 'package-lock.json'), 'utf8')) as Lock;
  for (const npm of ['10', '11']) await tool(`npm-${npm}`, `npm@${npm}`);
  await tool('typescript-5', 'typescript@5');
  await tool('typescript-7', `typescript@${packages['node_modules/typescript']?.version}`);
  await tool('types', '@types/node@20');
});

interface Lock {
  packages: Record<string, { version: string; hasInstallScript?: boolean }>;
}

async function tool(name: string, spec: string): Promise<void> {
  const place = path.join(folder, name);
  await mkdir(place);
  await writeFile(path.join(place, 'package.json'), '{}');
  await execa('npm', ['install', spec, '--ignore-scripts'], { cwd: place, env: variables, extendEnv: false });
}

const binOf = (name: string) => path.join(folder, name, 'node_modules', '.bin');

/** With the npm that is meant before all others on the PATH, as it would be. */
function run(npm: (typeof NPMS)[number], cwd: string, command: string, args: string[]) {
  const places = npm === 'here' ? [] : [binOf(`npm-${npm}`)];
  const env = { ...variables, PATH: [...places, variables.PATH].join(path.delimiter) };
  return execa(command, args, { cwd, env, extendEnv: false, all: true });
}

const placeOf = (npm: (typeof NPMS)[number]) => path.join(folder, `installed-by-${npm}`);

test('the tarball has what an installed program needs, and no more', async () => {
  const { stdout } = await execa('tar', ['tzf', tarball]);
  const names = stdout.split('\n').map((name) => name.replace(/^package\//, ''));
  expect(
    names.filter((name) => /__pycache__|\.pyc$|\.map$|^(?:src|test|bench|scripts)\/|fixtures|trained/.test(name)),
  ).toEqual([]);
  const wanted = ['bin/predictable.js', 'dist/index.d.ts', 'dist/report/page/page.js', 'dist/bundled/mssql.js'];
  expect(names).toEqual(expect.arrayContaining([...wanted, 'dist/bundled/LICENSES.txt', 'LICENSE', 'README.md']));
});

describe.each(NPMS)('npm %s', (npm) => {
  test('installs it in an empty folder, and runs nothing', async () => {
    const place = placeOf(npm);
    await mkdir(place);
    await rm(variables.npm_config_cache ?? '', { recursive: true, force: true });
    const { stdout: version } = await run(npm, place, 'npm', ['--version']);
    if (npm !== 'here') expect(version.split('.')[0]).toBe(npm);
    const started = performance.now();
    const { all } = await run(npm, place, 'npm', ['install', tarball]);
    const seconds = Math.round((performance.now() - started) / 1000);
    console.log(`npm ${version} installs it in ${seconds} s: ${mebibytes(path.join(place, 'node_modules'))} MB`);
    expect(all).not.toMatch(/warn/i);
    const { packages } = JSON.parse(readFileSync(path.join(place, 'package-lock.json'), 'utf8')) as Lock;
    const scripts = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true);
    expect(scripts.map(([name]) => name)).toEqual([]);
    const { stdout } = await run(npm, place, 'npx', ['predictable', '--version']);
    expect(stdout).toBe(packages['node_modules/predictable']?.version);
  });
});

describe('what was installed', () => {
  test('runs the demo, and is small with the runtimes that this fetches', async () => {
    const place = placeOf(OLDER);
    const runtimes = path.join(cache, 'runtimes');
    expect(existsSync(runtimes)).toBe(false);
    const started = performance.now();
    const { all } = await run(OLDER, place, 'npx', ['predictable', 'demo']);
    const seconds = Math.round((performance.now() - started) / 1000);
    expect(all).toContain('15 models verified, 1 refused as it should be');
    expect(all).toContain('fetching ONNX Runtime 1.30.0');
    const total = mebibytes(path.join(place, 'node_modules')) + mebibytes(runtimes);
    console.log(`demo: ${seconds} s; Node packages and runtimes: ${total} MB`);
    expect(total).toBeLessThanOrEqual(MOST_MEBIBYTES);
  });

  test('converts', async () => {
    const args = ['predictable', 'convert', 'demo/models/iris.joblib', '--trust-lock', 'demo/trust.lock'];
    const { stdout } = await run(OLDER, placeOf(OLDER), 'npx', args);
    expect(stdout).toMatch(/✓ iris .*\n(?:.*\n)*.*in ONNX Runtime 1\.30\.0 and 1\.12\.1/);
  });

  test('speaks to a server by the driver inside it', async () => {
    const server = await startScripted();
    try {
      const registry = `mssql://ml@127.0.0.1:${server.tds.port}/plant?encrypt=false`;
      const env = { ...variables, PREDICTABLE_PASSWORD: 'hunter22-hunter22', PREDICTABLE_REGISTRY: registry };
      const { stdout } = await execa('npx', ['predictable', 'init'], { cwd: placeOf(OLDER), env, extendEnv: false });
      expect(stdout).toContain('the registry is ready');
      expect(server.state().tables).not.toEqual([]);
    } finally {
      await server.close();
    }
  });

  describe.each(TYPESCRIPT)('from a strict program of TypeScript %s', (typescript) => {
    test.each(['none', 'node'] as const)('with the types of %s, all names compile, and it runs', async (types) => {
      expect(exportedNames()).toEqual(expect.arrayContaining(['readModel', 'type Signature', 'TARGETS']));
      const place = path.join(folder, `program-${typescript}-${types}`);
      await mkdir(place);
      await writeFile(path.join(place, 'package.json'), '{ "type": "module" }');
      // As npm would: beside each other.
      const modules = path.join(place, 'node_modules');
      await mkdir(path.join(modules, '@types'), { recursive: true });
      const installed = path.join(placeOf(OLDER), 'node_modules');
      for (const name of readdirSync(installed).filter((each) => !each.startsWith('.') && each !== '@types')) {
        await symlink(path.join(installed, name), path.join(modules, name));
      }
      if (types === 'node') {
        for (const name of ['@types/node', 'undici-types']) {
          const other = path.join(modules, name);
          if (!existsSync(other)) await symlink(path.join(folder, 'types', 'node_modules', name), other);
        }
      }
      await writeStrictProgram(place, types);
      const compiler = path.join(binOf(`typescript-${typescript}`), 'tsc');
      const { stdout: said } = await execa(compiler, ['-p', '.'], { cwd: place, reject: false });
      expect(said).toBe('');
      const demo = path.join(placeOf(OLDER), 'demo');
      const args = ['built/program.js', path.join(demo, 'models', 'iris.joblib'), path.join(demo, 'trust.lock')];
      const { stdout } = await run(OLDER, place, process.execPath, args);
      expect(JSON.parse(stdout)).toMatchObject({
        labels: ['setosa'],
        refused: 'UNTRUSTED_ARTIFACT',
        passed: 'passed',
      });
    });
  });
});

/** As `du -sm` counts: blocks of the disk. */
function mebibytes(place: string): number {
  const sum = (each: string): number => {
    const found = lstatSync(each);
    const inside = found.isDirectory() ? readdirSync(each).map((name) => sum(path.join(each, name))) : [];
    return inside.reduce((total, bytes) => total + bytes, found.blocks * 512);
  };
  return Math.round(sum(place) / MEBIBYTE);
}
