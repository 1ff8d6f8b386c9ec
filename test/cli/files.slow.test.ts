/** Files that a command must not read, must not write, or cannot: each command says so, at once, and loses nothing. */

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../src/cli/documents.js';
import { onSmallDisk, readOnly, withoutRights } from '../support/confined.js';
import { type Prepared, prepare } from '../support/prepared.js';
import { document, predictable, program } from './run.js';

let prepared: Prepared;
let cwd: string;
const at = (...parts: string[]) => path.join(cwd, ...parts);
const REGISTRY = ['--registry', 'duckdb:models.duckdb'];

beforeAll(async () => {
  prepared = await prepare();
  cwd = prepared.folder;
  await prepared.python('samples/train.py', cwd, '--only', 'iris');
  await predictable(['convert', 'iris.joblib', '--trust'], { cwd });
  await predictable(['register', 'out/iris.onnx', ...REGISTRY], { cwd });
  await predictable(['batch', '.', '--trust', '-o', 'run'], { cwd });
});
afterAll(() => prepared.close());

/** Everything that a command writes, into a folder. */
const WRITING: [string, (place: string) => string[]][] = [
  ['convert', (place) => ['convert', 'iris.joblib', '--trust', '-o', place]],
  ['convert into a new folder', (place) => ['convert', 'iris.joblib', '--trust', '-o', `${place}/out`]],
  ['batch', (place) => ['batch', 'iris.joblib.zoo', '--trust', '-o', `${place}/run`]],
  ['score to CSV', (place) => ['score', 'iris', '--data', 'iris.sample.csv', '-o', `${place}/p.csv`, ...REGISTRY]],
  [
    'score to Parquet',
    (place) => ['score', 'iris', '--data', 'iris.sample.csv', '-o', `${place}/p.parquet`, ...REGISTRY],
  ],
  ['trust', (place) => ['trust', 'iris.joblib', '-o', `${place}/trust.lock`]],
  ['normalize', (place) => ['normalize', 'out/iris.onnx', '-o', `${place}/n.onnx`]],
  ['pull', (place) => ['pull', 'iris', '-o', `${place}/iris.onnx`, ...REGISTRY]],
  ['sql', (place) => ['sql', 'iris', '--data', 'dbo.x', '-o', `${place}/score.sql`, ...REGISTRY]],
  ['report', (place) => ['report', 'run', '-o', `${place}/page.html`]],
  ['register', (place) => ['register', 'out/iris.onnx', '--registry', `duckdb:${place}/models.duckdb`]],
  ['setup --download', (place) => ['setup', 'sklearn', '--download', `${place}/wheels`]],
  ['setup into a cache', (place) => [`PREDICTABLE_CACHE=${place}/cache`, 'setup', 'sklearn']],
  ['demo', () => ['demo']],
];

/** How a command ends under a confinement: `NAME=value` before its name is an environment variable. */
async function confined(words: string[], args: string[], folder = cwd) {
  const [launcher = process.execPath, ...before] = [...words, process.execPath];
  const variables = args
    .filter((argument) => /^[A-Z_]+=/.test(argument))
    .map((each) => each.split('=') as [string, string]);
  const rest = args.slice(variables.length);
  const { stdout, exitCode } = await execa(launcher, [...before, program, ...rest, '--json'], {
    cwd: folder,
    env: Object.fromEntries(variables),
    reject: false,
    stdin: 'ignore',
  });
  const answer = JSON.parse(stdout);
  return { exitCode, error: answer.error ?? answer.results.find((each: { error?: object }) => each.error).error };
}

describe('a disk that is full, or may not be written to', () => {
  const place = () => at('place');
  beforeAll(() => {
    mkdirSync(place());
    mkdirSync(at('iris.joblib.zoo'));
    for (const name of ['iris.joblib', 'iris.sample.csv']) cpSync(at(name), at('iris.joblib.zoo', name));
  });

  it.each(WRITING)('%s is DISK_FULL with the path', async (name, args) => {
    // `fill` leaves less than any of them needs; a demo runs where there is no space.
    const small = onSmallDisk(place());
    if (small === null) return;
    const filled = [...small, 'sh', '-c', 'head -c 64k /dev/zero > "$0/fill" 2>/dev/null; exec "$@"', place()];
    const words = name === 'demo' ? [...filled, 'env', '-C', place()] : filled;
    const { exitCode, error } = await confined(words, args('place'));
    expect(error).toMatchObject({
      code: 'DISK_FULL',
      message: expect.stringMatching(name === 'demo' ? /^demo/ : /place/),
    });
    expect(exitCode).toBe(2);
  });

  it.each(WRITING)('%s is PERMISSION_DENIED with the path', async (name, args) => {
    const words = readOnly(place());
    if (words === null) return;
    const { exitCode, error } = await confined(
      name === 'demo' ? [...words, 'env', '-C', place()] : words,
      args('place'),
    );
    expect(error).toMatchObject({
      code: 'PERMISSION_DENIED',
      message: expect.stringMatching(name === 'demo' ? /^demo/ : /place/),
    });
    expect(exitCode).toBe(2);
    expect(readdirSync(place())).toEqual([]);
  });

  it.each([
    ['convert', ['convert', 'iris.joblib', '--trust', '-o', 'elsewhere']],
    ['score', ['score', 'iris', '--data', 'iris.sample.csv', '-o', 'elsewhere.csv', ...REGISTRY]],
    ['verify', ['verify', 'out/iris.onnx', '--against', 'iris.joblib', '--trust', '--sample', 'iris.sample.csv']],
    ['diff', ['diff', 'iris', 'iris', '--data', 'iris.sample.csv', ...REGISTRY]],
  ])('%s is DISK_FULL where temporary files have no space', async (_, args) => {
    const small = onSmallDisk(place());
    if (small === null) return;
    const filled = [...small, 'sh', '-c', 'head -c 64k /dev/zero > "$0/fill" 2>/dev/null; exec "$@"', place()];
    const { error } = await confined([...filled, 'env', `TMPDIR=${place()}`], args);
    expect(error).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining(place()) });
    expect(existsSync(at('elsewhere.csv'))).toBe(false);
  });

  it.each([
    ['convert', ['convert', 'secret.joblib', '--trust']],
    ['detect', ['detect', 'secret.joblib']],
    ['trust', ['trust', 'secret.joblib', '-o', 'secret.lock']],
    ['score', ['score', 'iris', '--data', 'secret.csv', ...REGISTRY]],
    ['inspect', ['inspect', 'secret.onnx']],
    ['register', ['register', 'secret.onnx', '--registry', 'duckdb:new.duckdb']],
    ['convert of a file in a folder that is closed', ['convert', 'closed/iris.joblib', '--trust']],
    ['batch of a folder that is closed', ['batch', 'closed', '-o', 'closed-run']],
  ])('%s is PERMISSION_DENIED for a file that may not be read', async (_, args) => {
    const words = withoutRights();
    if (words === null) return;
    for (const name of ['secret.joblib', 'secret.csv', 'secret.onnx']) {
      if (!existsSync(at(name))) writeFileSync(at(name), 'x');
      chmodSync(at(name), 0o000);
    }
    if (!existsSync(at('closed'))) mkdirSync(at('closed'), { mode: 0o000 });
    const { error } = await confined(words, args);
    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', message: expect.stringMatching(/secret|closed/) });
  });

  it('of a sample that is read beside it leaves nothing behind', async () => {
    const words = withoutRights();
    if (words === null) return;
    mkdirSync(at('beside'));
    mkdirSync(at('beside-tmp'));
    for (const name of ['iris.joblib', 'iris.sample.csv']) cpSync(at(name), at('beside', name));
    writeFileSync(at('beside/iris.reference.csv'), 'label\n', { mode: 0o000 });
    const { error } = await confined(
      [...words, 'env', `TMPDIR=${at('beside-tmp')}`],
      ['convert', 'beside/iris.joblib', '--trust', '-o', 'beside-out'],
    );
    expect(error).toMatchObject({ code: 'PERMISSION_DENIED', message: expect.stringContaining('iris.reference.csv') });
    expect(readdirSync(at('beside-tmp')).filter((name) => !name.startsWith('predictable-interpreters'))).toEqual([]);
  });

  it.each([
    ['convert', ['convert', 'iris.joblib', '--trust', '-o', 'no-tmp']],
    ['batch', ['batch', 'iris.joblib.zoo', '--trust', '-o', 'no-tmp-run']],
  ])('%s says where there is no folder for temporary files', async (_, args) => {
    const { error } = await confined(['env', `TMPDIR=${at('nowhere')}`], args);
    expect(error).toMatchObject({ code: 'FILE_NOT_FOUND', message: expect.stringContaining(at('nowhere')) });
  });

  it('score --into is DISK_FULL where the registry’s disk is', async () => {
    const small = onSmallDisk(place());
    if (small === null) return;
    // The registry takes its place on a larger disk, which the predictions then fill.
    const large = small.map((word) => word.replace('size=64k', 'size=4m'));
    const rows = [
      'score',
      'iris',
      '--data',
      at('many.csv'),
      '--into',
      'predicted',
      '--registry',
      'duckdb:place/models.duckdb',
    ];
    const header = readFileSync(at('iris.sample.csv'), 'utf8').split('\n');
    writeFileSync(at('many.csv'), `${header[0]}\n${`${header.slice(1, -1).join('\n')}\n`.repeat(10_000)}`);
    const copied = [...large, 'sh', '-c', 'cp models.duckdb "$0"; exec "$@"', place()];
    const { error, exitCode } = await confined(copied, rows);
    expect(error).toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining('models.duckdb') });
    expect(exitCode).toBe(2);
  });

  it('of the PATH, and pyenv’s, is passed over when interpreters are looked for', async () => {
    const words = withoutRights();
    if (words === null) return;
    const locked = at('locked');
    mkdirSync(locked, { mode: 0o000 });
    const env = { PATH: `${locked}${path.delimiter}${process.env.PATH}`, PYENV_ROOT: locked };
    const [launcher = process.execPath, ...before] = [...words, process.execPath];
    for (const args of [['doctor'], ['convert', 'iris.joblib', '--trust', '-o', 'with-locked']]) {
      const { exitCode, stderr } = await execa(launcher, [...before, program, ...args], { cwd, env, reject: false });
      expect(exitCode, stderr).toBe(0);
    }
  });
});

describe('an output that is an input', () => {
  const before = new Map<string, Buffer>();
  beforeAll(() => {
    symlinkSync('iris.sample.csv', at('link.csv'));
    linkSync(at('iris.sample.csv'), at('hard.csv'));
    linkSync(at('out/iris.onnx'), at('hard.onnx'));
    symlinkSync('models.duckdb', at('registry.sql'));
    for (const name of ['iris.sample.csv', 'out/iris.onnx', 'iris.joblib', 'models.duckdb', 'run/results.json'])
      before.set(name, readFileSync(at(name)));
  });

  it.each([
    [['score', 'iris', '--data', 'iris.sample.csv', '-o', 'iris.sample.csv', ...REGISTRY]],
    [['score', 'iris', '--data', 'iris.sample.csv', '-o', 'link.csv', ...REGISTRY]],
    [['score', 'iris', '--data', 'link.csv', '-o', 'hard.csv', ...REGISTRY]],
    [['score', 'iris', '--data', 'iris.sample.csv', '-o', './out/../iris.sample.csv', ...REGISTRY]],
    [['normalize', 'out/iris.onnx', '-o', 'out/iris.onnx']],
    [['normalize', 'out/iris.onnx', '-o', 'hard.onnx']],
    [['trust', 'iris.joblib', '-o', 'iris.joblib']],
    [['pull', 'iris', '-o', 'models.duckdb', ...REGISTRY]],
    [['sql', 'iris', '--data', 'dbo.x', '-o', 'models.duckdb', ...REGISTRY]],
    [['sql', 'iris', '--data', 'dbo.x', '-o', 'registry.sql', ...REGISTRY]],
    [['report', 'run', '-o', 'run/results.json']],
    [['register', 'out/iris.onnx', '--registry', 'mssql://nobody@127.0.0.1:9/x', '--script', 'out/iris.onnx']],
  ])('is refused: %j', async (args) => {
    const { json, ran } = await document(args, { cwd });
    expect(DOCUMENTS.error.parse(json).error).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('so it cannot be written'),
    });
    expect(ran.exitCode).toBe(2);
    for (const [name, bytes] of before) expect(readFileSync(at(name)).equals(bytes), name).toBe(true);
  });

  it('is refused where it was not named: the usual output of normalize, a script’s undo, the report beside a page', async () => {
    cpSync(at('out/iris.onnx'), at('raw.columnar.onnx'));
    symlinkSync('raw.columnar.onnx', at('raw.onnx'));
    cpSync(at('out/iris.onnx'), at('other.onnx'));
    for (const name of ['other.columnar.onnx', 'change.undo.sql', 'page.md', 'models-of-mine.md'])
      writeFileSync(at(name), 'somebody’s own');
    const server = ['--registry', 'mssql://nobody@127.0.0.1:9/x'];
    for (const [args, code] of [
      [['normalize', 'raw.onnx'], 'USAGE'],
      [['normalize', 'other.onnx'], 'FILE_EXISTS'],
      [['register', 'out/iris.onnx', ...server, '--script', 'change.sql'], 'FILE_EXISTS'],
      [['report', 'run', '-o', 'page.html'], 'FILE_EXISTS'],
    ] as const) {
      const { json } = await document([...args], { cwd });
      expect(DOCUMENTS.error.parse(json).error.code, args.join(' ')).toBe(code);
    }
    for (const name of ['other.columnar.onnx', 'change.undo.sql', 'page.md'])
      expect(readFileSync(at(name), 'utf8')).toBe('somebody’s own');
    expect([existsSync(at('change.sql')), existsSync(at('page.html'))]).toEqual([false, false]);
    expect(readFileSync(at('raw.columnar.onnx')).equals(readFileSync(at('out/iris.onnx')))).toBe(true);
  });

  it('is refused of a lock among the models of a folder, and of a demonstration among other files', async () => {
    mkdirSync(at('locked-models'));
    cpSync(at('iris.joblib'), at('locked-models/iris.joblib'));
    mkdirSync(at('demonstrated/demo'), { recursive: true });
    writeFileSync(at('demonstrated/demo/trust.lock'), 'somebody’s own');
    const lock = await document(['trust', 'locked-models', '-o', 'locked-models/iris.joblib'], { cwd });
    expect(DOCUMENTS.error.parse(lock.json).error.code).toBe('USAGE');
    expect(readFileSync(at('locked-models/iris.joblib')).equals(readFileSync(at('iris.joblib')))).toBe(true);
    const demo = await document(['demo'], { cwd: at('demonstrated') });
    expect(DOCUMENTS.error.parse(demo.json).error.code).toBe('FILE_EXISTS');
    expect(readdirSync(at('demonstrated/demo'))).toEqual(['trust.lock']);
  });

  it('is refused of a run whose folders are links', async () => {
    mkdirSync(at('far-away'));
    mkdirSync(at('linked'));
    cpSync(at('run/journal.jsonl'), at('linked/journal.jsonl'));
    symlinkSync('../far-away', at('linked/models'));
    mkdirSync(at('mine-zoo'));
    cpSync(at('iris.joblib'), at('mine-zoo/iris.joblib'));
    const { json } = await document(['batch', 'mine-zoo', '--trust', '-o', 'linked', '--resume'], { cwd });
    expect(DOCUMENTS.error.parse(json).error).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('linked/models is a link'),
    });
    expect(readdirSync(at('far-away'))).toEqual([]);
  });

  it('is refused where it is a model that lies where its own document would go', async () => {
    await predictable(['convert', 'iris.joblib', '--trust', '-o', 'mine'], { cwd });
    const made = readFileSync(at('mine/iris.onnx'));
    writeFileSync(at('mine/iris.json'), '{"learner": {}, "version": [3, 2, 0]}');
    const { json } = await document(['convert', 'iris.joblib', '--trust', '-o', 'mine'], { cwd });
    expect(DOCUMENTS.error.parse(json).error).toMatchObject({
      code: 'FILE_EXISTS',
      details: { file: 'mine/iris.json' },
    });
    writeFileSync(at('mine/iris.json'), readFileSync(at('out/iris.json')));
    writeFileSync(at('mine/iris.onnx'), 'somebody’s own');
    const again = await document(['convert', 'iris.joblib', '--trust', '-o', 'mine'], { cwd });
    expect(DOCUMENTS.error.parse(again.json).error).toMatchObject({
      code: 'FILE_EXISTS',
      details: { file: 'mine/iris.onnx' },
    });
    expect(readFileSync(at('mine/iris.onnx'), 'utf8')).toBe('somebody’s own');
    writeFileSync(at('mine/iris.onnx'), made);
    expect((await predictable(['convert', 'iris.joblib', '--trust', '-o', 'mine'], { cwd })).exitCode).toBe(0);
  });

  it('is refused of a run in the folder that its zoo lies in', async () => {
    mkdirSync(at('zoo', 'models'), { recursive: true });
    for (const name of ['iris.joblib', 'iris.sample.csv']) cpSync(at(name), at('zoo', 'models', name));
    writeFileSync(at('zoo', 'models', 'iris.json'), 'somebody’s own');
    const { json } = await document(['batch', 'zoo/models', '--trust', '-o', 'zoo'], { cwd });
    expect(DOCUMENTS.error.parse(json).error).toMatchObject({ code: 'FILE_EXISTS', details: { path: 'zoo/models' } });
    writeFileSync(at('zoo', 'journal.jsonl'), '');
    const resumed = await document(['batch', 'zoo/models', '--trust', '-o', 'zoo', '--resume'], { cwd });
    expect(DOCUMENTS.error.parse(resumed.json).error).toMatchObject({ code: 'USAGE' });
    expect(readFileSync(at('zoo', 'models', 'iris.json'), 'utf8')).toBe('somebody’s own');
  });
});

describe('a settings file', () => {
  const settled = (name: string, text: string) => {
    mkdirSync(at(name));
    writeFileSync(at(name, 'predictable.yaml'), text);
    for (const file of ['iris.sample.csv', 'iris.joblib', 'models.duckdb']) cpSync(at(file), at(name, file));
    return at(name);
  };
  const score = ['score', 'iris', '--data', 'iris.sample.csv', ...REGISTRY];

  it.each([
    ['output: ../victim.csv', score],
    ['output: /tmp/victim-of-settings.csv', score],
    ['output: away/victim.csv', score],
    ['registry: duckdb:../models.duckdb', ['list']],
    ['registry: duckdb:away/models.duckdb', ['list']],
  ])('may not lead out of its folder: %s', async (line, args) => {
    writeFileSync(at('victim.csv'), 'somebody’s own');
    const folder = settled(`settings-${line.replaceAll(/\W/g, '-')}`, `${line}\n`);
    symlinkSync('..', path.join(folder, 'away'));
    const { json } = await document(args, { cwd: folder });
    expect(DOCUMENTS.error.parse(json).error).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('which is outside its folder'),
    });
    expect(readFileSync(at('victim.csv'), 'utf8')).toBe('somebody’s own');
  });

  it('never replaces what somebody else made, and the command line may', async () => {
    const folder = settled('settings-own', 'output: p.csv\n');
    const mine = path.join(folder, 'p.csv');
    writeFileSync(mine, 'somebody’s own');
    const { json } = await document(score, { cwd: folder });
    expect(DOCUMENTS.error.parse(json).error).toMatchObject({ code: 'FILE_EXISTS', details: { file: 'p.csv' } });
    expect(readFileSync(mine, 'utf8')).toBe('somebody’s own');
    expect((await predictable([...score, '-o', 'p.csv'], { cwd: folder })).exitCode).toBe(0);
    expect(readFileSync(mine, 'utf8')).toMatch(/^species,label/);
  });

  it.each(['registry: 5', 'registry: null', 'output: [a]', 'output: true', 'rtol: small'])(
    'is told what a setting takes: %s',
    async (line) => {
      const folder = settled(`settings-${line.replaceAll(/\W/g, '-')}`, `${line}\n`);
      const { json } = await document(['list'], { cwd: folder });
      expect(DOCUMENTS.error.parse(json).error).toMatchObject({
        code: 'USAGE',
        message: expect.stringMatching(/should set \w+ to a (string|number)/),
      });
    },
  );

  it('says where results go, beside itself', async () => {
    const folder = settled('settings-plain', 'output: results\nregistry: duckdb:here.duckdb\n');
    const config = ['--config', 'settings-plain/predictable.yaml'];
    for (let time = 0; time < 2; time++) {
      const { exitCode, stderr } = await predictable(['convert', 'iris.joblib', '--trust', ...config], { cwd });
      expect(exitCode, stderr).toBe(0);
    }
    expect(readdirSync(path.join(folder, 'results')).sort()).toEqual(['iris.json', 'iris.onnx']);
    await predictable(['register', 'settings-plain/results/iris.onnx', ...config], { cwd });
    expect(existsSync(path.join(folder, 'here.duckdb'))).toBe(true);
  });
});

describe.runIf(process.platform !== 'win32')('what is neither a file nor a folder', () => {
  const socket = createServer();
  beforeAll(async () => {
    execFileSync('mkfifo', [at('pipe'), at('pipe.csv')]);
    await new Promise<void>((resolve) => socket.listen(at('socket'), resolve));
  });
  afterAll(() => socket.close());

  const READING = (file: string): string[][] => [
    ...['detect', 'convert', 'trust', 'inspect', 'normalize', 'register', 'batch', 'report'].map((name) => [
      name,
      file,
    ]),
    ['convert', 'iris.joblib', '--trust', '--sample', file],
    ['convert', 'iris.joblib', '--trust-lock', file],
    ['convert', 'iris.joblib', '--requirements', file],
    ['verify', file, '--against', 'iris.joblib'],
    ['verify', 'out/iris.onnx', '--against', file],
    ['score', 'iris', '--data', file, ...REGISTRY],
    ['score', 'iris', '--data', `duckdb:${file}#rows`, ...REGISTRY],
    ['diff', 'iris', 'iris', '--data', file, ...REGISTRY],
    ['sql', 'iris', '--data', 'dbo.x', '--check', file, ...REGISTRY],
    ['list', '--registry', `duckdb:${file}`],
    ['list', '--config', file],
    ['score', 'iris', '--data', 'iris.sample.csv', '-o', file, ...REGISTRY],
    ['convert', 'iris.joblib', '--trust', '-o', file],
  ];

  it.each(READING('pipe.csv'))('a pipe is refused at once: %s %s %s %s', async (...args) => {
    const { json, ran } = await document(args, { cwd, timeout: 60_000 });
    expect(DOCUMENTS.error.parse(json).error).toMatchObject({
      code: 'USAGE',
      message: 'pipe.csv is a named pipe, and only files and folders are read or written',
    });
    expect(ran.exitCode).toBe(2);
  });

  it.each([
    ['inspect', '/dev/zero', 'a device'],
    ['convert', '/dev/zero', 'a device'],
    ['trust', '/dev/urandom', 'a device'],
    ['detect', 'socket', 'a socket'],
  ])('%s %s is refused as %s', async (command, file, kind) => {
    const { json } = await document([command, file], { cwd, timeout: 60_000 });
    expect(DOCUMENTS.error.parse(json).error.message).toContain(`${file} is ${kind}`);
  });

  it('is refused where a command would look for a file by itself', async () => {
    mkdirSync(at('pipes/run'), { recursive: true });
    mkdirSync(at('pipes/out'));
    for (const name of ['run/results.json', 'out/iris.onnx', 'pulled.json', 'profiles', 'models.duckdb.wal'])
      execFileSync('mkfifo', [at('pipes', name)]);
    cpSync(at('models.duckdb'), at('pipes/models.duckdb'));
    for (const [args, name] of [
      [['report', 'run'], 'run/results.json'],
      [['convert', at('iris.joblib'), '--trust'], 'out/iris.onnx'],
      [['pull', 'iris', '-o', 'pulled.onnx', '--registry', `duckdb:${at('models.duckdb')}`], 'pulled.json'],
      [['list', '--registry', 'prod'], 'profiles'],
      [['list', ...REGISTRY], 'models.duckdb.wal'],
    ] as const) {
      const env = { PREDICTABLE_PROFILES: 'profiles' };
      const { json } = await document([...args], { cwd: at('pipes'), env, timeout: 60_000 });
      expect(DOCUMENTS.error.parse(json).error.message).toContain(`${name} is a named pipe`);
    }
    expect(existsSync(at('pipes/pulled.onnx'))).toBe(false);
  });

  it('is passed over in a folder, and refused of a zoo, a sidecar and a settings file', async () => {
    mkdirSync(at('piped'));
    execFileSync('mkfifo', [at('piped/a.joblib'), at('piped/b.sample.csv')]);
    for (const name of ['b.joblib', 'c.joblib']) cpSync(at('iris.joblib'), at('piped', name));
    const { json } = await document(['convert', 'piped', '--trust', '-o', 'piped-out'], { cwd, timeout: 60_000 });
    const { results } = DOCUMENTS.convert.parse(json);
    expect(results.map(({ name, error }) => [name, error?.code])).toEqual([
      ['b', 'USAGE'],
      ['c', undefined],
    ]);
    writeFileSync(at('piped/zoo.yaml'), 'schema: 1\nmodels:\n  - path: a.joblib\n  - path: c.joblib\n');
    const batch = await document(['batch', 'piped/zoo.yaml', '--trust', '-o', 'piped-run'], { cwd, timeout: 60_000 });
    const codes = DOCUMENTS.batch.parse(batch.json).results.map(({ name, error }) => [name, error?.code]);
    expect(codes).toEqual([
      ['a', 'USAGE'],
      ['c', undefined],
    ]);
    mkdirSync(at('piped-settings'));
    execFileSync('mkfifo', [at('piped-settings/predictable.yaml')]);
    const settings = await document(['list'], { cwd: at('piped-settings'), timeout: 60_000 });
    expect(DOCUMENTS.error.parse(settings.json).error.message).toContain('predictable.yaml is a named pipe');
  });
});
