/** What is disturbed: each command that writes or starts something, in a world that has what it needs. */

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { packageRoot } from '../../src/paths.js';
import { program } from '../cli/run.js';

export interface Stage {
  name: string;
  /** What Node runs, in the folder `work` of the world. */
  words: string[];
  /** Where it writes: folders of the world, which a fault fills up or closes. */
  places: string[];
  /** Where something of it is seen while it works, by what names; any file in the first of its places, if it is not said. */
  sign?: { place: string; names: RegExp };
  /** Starts programs beside itself. */
  programs?: boolean;
  /** Its programs stand under no guard: they are processes of ours, and run graphs of ours. */
  unguarded?: boolean;
  /** Takes --timeout. */
  patient?: boolean;
  /** The registry that it changes, in `work`. */
  registry?: string;
  /** The code that a next run ends with where this one came to its end. */
  done?: string;
  /** Writes into the cache of the world. */
  caches?: boolean;
}

const REGISTRY = ['--registry', 'duckdb:store/models.duckdb'];
const command = (...words: string[]) => [program, ...words, '--json'];
const BUILDING = /^\.building-|\.lock$/;
const rows = ['--data', 'many.csv'];

export const STAGES: Stage[] = [
  {
    name: 'convert',
    words: command('convert', 'iris.joblib', '--trust', '-o', 'made'),
    places: ['work/made', 'tmp'],
    programs: true,
    patient: true,
  },
  {
    name: 'verify',
    words: command('verify', 'out/iris.onnx', '--against', 'iris.joblib', '--trust', '--sample', 'iris.sample.csv'),
    places: ['tmp'],
    programs: true,
  },
  {
    name: 'batch',
    words: command('batch', 'zoo', '--trust', '--resume', '-o', 'made/run'),
    places: ['work/made', 'tmp'],
    programs: true,
    patient: true,
  },
  { name: 'normalize', words: command('normalize', 'out/iris.onnx', '-o', 'made/n.onnx'), places: ['work/made'] },
  {
    name: 'score to CSV',
    words: command('score', 'iris', ...rows, '-o', 'made/p.csv', ...REGISTRY),
    places: ['work/made', 'tmp'],
    programs: true,
    unguarded: true,
  },
  {
    name: 'score to Parquet',
    words: command('score', 'iris', ...rows, '-o', 'made/p.parquet', ...REGISTRY),
    places: ['work/made', 'tmp'],
    programs: true,
    unguarded: true,
  },
  {
    name: 'score into a table',
    words: command('score', 'iris', ...rows, '--into', 'predicted', ...REGISTRY),
    places: ['work/store', 'tmp'],
    programs: true,
    unguarded: true,
    registry: 'store/models.duckdb',
    sign: { place: 'work/store', names: /\.wal$/ },
    done: 'FILE_EXISTS',
  },
  {
    name: 'register',
    words: command('register', 'out/iris.onnx', '--name', 'second', '--alias', 'production', ...REGISTRY),
    places: ['work/store'],
    registry: 'store/models.duckdb',
    sign: { place: 'work/store', names: /\.wal$/ },
  },
  {
    name: 'register in a new registry',
    words: command('register', 'out/iris.onnx', '--registry', 'duckdb:made/new.duckdb'),
    places: ['work/made'],
    registry: 'made/new.duckdb',
  },
  {
    name: 'promote',
    words: command('promote', 'iris', 'production', ...REGISTRY),
    places: ['work/store'],
    registry: 'store/models.duckdb',
    sign: { place: 'work/store', names: /\.wal$/ },
  },
  {
    name: 'remove',
    words: command('remove', 'iris@1', ...REGISTRY),
    places: ['work/store'],
    registry: 'store/models.duckdb',
    sign: { place: 'work/store', names: /\.wal$/ },
    done: 'MODEL_NOT_FOUND',
  },
  { name: 'pull', words: command('pull', 'iris', '-o', 'made/pulled.onnx', ...REGISTRY), places: ['work/made'] },
  { name: 'report', words: command('report', 'old', '-o', 'made/page.html'), places: ['work/made'] },
  { name: 'trust', words: command('trust', 'iris.joblib', '-o', 'made/trust.lock'), places: ['work/made'] },
  {
    name: 'sql',
    words: command('sql', 'iris', '--data', 'dbo.rows', '-o', 'made/score.sql', ...REGISTRY),
    places: ['work/made'],
  },
  {
    name: 'diff',
    unguarded: true,
    words: command('diff', 'iris', 'iris', ...rows, ...REGISTRY),
    places: ['tmp'],
    programs: true,
  },
  {
    name: 'build of an environment',
    words: script('build'),
    places: ['cache', 'tmp'],
    programs: true,
    caches: true,
    sign: { place: 'cache/environments', names: BUILDING },
  },
  {
    name: 'fetch of a runtime',
    words: script('fetch'),
    places: ['cache'],
    programs: true,
    caches: true,
    sign: { place: 'cache/runtimes', names: BUILDING },
  },
  {
    name: 'carrying of a runtime',
    words: script('carry'),
    places: ['cache'],
    caches: true,
    sign: { place: 'cache/runtimes', names: BUILDING },
  },
];

/** What `setup` does, of a small environment and a small runtime: as the command line does it, signals included. */
function script(what: 'build' | 'fetch' | 'carry'): string[] {
  const built = (module: string) => JSON.stringify(pathToFileURL(path.join(packageRoot, 'dist', module)).href);
  const work = {
    build: `const { ensureEnvironment } = await import(${built('environments/ensure.js')});
      const { readFileSync } = await import('node:fs');
      await ensureEnvironment(JSON.parse(readFileSync('../manifest.json', 'utf8')), { signal: interruption.signal });`,
    fetch: `const { ensureRuntime } = await import(${built('runtimes/ensure.js')});
      await ensureRuntime('1.12.1', { signal: interruption.signal });`,
    carry: `const { ensureRuntime } = await import(${built('runtimes/ensure.js')});
      await ensureRuntime('1.12.1', { signal: interruption.signal, wheelhouse: process.env.CARRIED });`,
  }[what];
  const code = `import { Output } from ${built('cli/output.js')};
    import { Interruption } from ${built('cli/interruption.js')};
    import { asPredictableError } from ${built('errors.js')};
    const output = new Output({ json: true, quiet: true });
    const interruption = new Interruption(output);
    try { ${work} console.log('{}'); }
    catch (error) { output.error(asPredictableError(error)); process.exitCode = error.code === 'CANCELLED' ? 130 : 2; }
    finally { interruption.end(); }`;
  return ['--input-type=module', '-e', code];
}
