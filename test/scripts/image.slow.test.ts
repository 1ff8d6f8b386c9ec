import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { sharedFolder } from '../support/folder.js';
import { lintDockerfile } from '../support/hadolint/hadolint.js';
import { PREFIX, STEPS, TEXT } from './dockerfile.js';

/** Makes in a folder what the Dockerfile makes in an image, step by step as it says, and works with it offline. */

const folder = sharedFolder('image');
let prefix: string;

beforeAll(async () => {
  prefix = path.join(folder, 'image');
});

/** As the shell of the build runs it: with the build's arguments as variables. */
async function step(text: string) {
  const command = `scripts/image.sh ${text.replaceAll(PREFIX, prefix)}`;
  return execa('bash', ['-euc', command], {
    cwd: packageRoot,
    env: { CONVERTERS: 'sklearn', ENVIRONMENTS: '', PREDICTABLE_CACHE: path.join(folder, 'no-such-cache') },
  });
}

describe('an image, made in a folder', () => {
  // What `system` installs, a machine that runs the tests has.
  test.each(STEPS.filter((text) => !text.startsWith('system ')))('%s', async (text) => {
    await step(text);
  });

  test('is the program without what it was built with', async () => {
    const { stdout } = await execa(path.join(prefix, 'bin', 'predictable'), ['--version'], { cwd: folder });
    expect(stdout).toBe(JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')).version);
    const packages = readdirSync(path.join(prefix, 'node_modules'));
    expect(packages).toContain('yargs');
    expect(packages.filter((name) => ['typescript', 'vitest', 'playwright-core'].includes(name))).toEqual([]);
    expect(readdirSync(path.join(prefix, 'cache')).sort()).toEqual(['environments', 'interpreters.json', 'runtimes']);
  });

  test('converts and verifies without a network', async () => {
    const models = path.join(folder, 'models');
    const [environment = ''] = readdirSync(path.join(prefix, 'cache', 'environments'));
    const python = path.join(prefix, 'cache', 'environments', environment, 'bin', 'python');
    await execa(python, [path.join(prefix, 'samples', 'train.py'), models, '--only', 'iris']);
    const program = [path.join(prefix, 'bin', 'predictable'), 'batch', models, '--trust', '-o', 'run', '--json'];
    const { stdout } = await offline(program);
    expect(JSON.parse(stdout).results).toMatchObject([
      {
        name: 'iris',
        status: 'converted',
        verification: { status: 'passed', reference: 'native', runtimes: ['1.30.0', '1.12.1'] },
      },
    ]);
    const left = ['models/iris.onnx', 'report.html', 'report.md', 'junit.xml'];
    expect(left.filter((file) => !existsSync(path.join(folder, 'run', file)))).toEqual([]);
  });

  test('says so when an environment is not in it', async () => {
    const check = step(`check ${PREFIX} "sklearn h2o"`);
    await expect(check).rejects.toMatchObject({
      stderr: expect.stringContaining('ENVIRONMENT_FAILED: The H2O environment'),
    });
  });
});

/** In a namespace without a network; where the system does not allow one, no index and proxies that lead nowhere. */
async function offline(command: string[]) {
  const env = { PREDICTABLE_CACHE: path.join(prefix, 'cache') };
  const unshare = process.getuid?.() === 0 ? ['unshare', '--net'] : ['unshare', '--map-root-user', '--net'];
  const [first = '', ...others] = [...unshare, '--', 'cat', '/proc/net/dev'];
  const tried = await execa(first, others, { reject: false });
  if (!tried.failed) {
    // The headings, and the loopback device alone.
    expect(tried.stdout.trim().split('\n')).toHaveLength(3);
    return execa(unshare[0]!, [...unshare.slice(1), '--', ...command], { cwd: folder, env });
  }
  console.info(`no namespace without a network here (${tried.shortMessage}): proxies that lead nowhere instead`);
  const nowhere = 'http://127.0.0.1:9';
  const [program = '', ...args] = command;
  const cut = { PIP_NO_INDEX: '1', HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, ALL_PROXY: nowhere };
  return execa(program, args, { cwd: folder, env: { ...env, ...cut } });
}

describe('hadolint', () => {
  test('finds nothing in the Dockerfile', async (context) => {
    expect(await lint(context, TEXT)).toEqual([]);
  });

  test('would find what is wrong with one', async (context) => {
    const codes = (await lint(context, 'FROM node\nRUN apt-get install python3\n')).map(({ code }) => code);
    expect(codes).toEqual(expect.arrayContaining(['DL3006', 'DL3008', 'DL3014', 'DL3015']));
  });
});

async function lint(context: { skip: (why: string) => never | void }, text: string) {
  try {
    return await lintDockerfile(text);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== 'ENVIRONMENT_FAILED' && code !== 'PYTHON_NOT_FOUND') throw error;
    console.info(`no hadolint here: ${message}`);
    context.skip(message);
    return [];
  }
}
