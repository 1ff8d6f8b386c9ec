import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../src/paths.js';
import { importsOf, readModules } from './support/imports.js';

/**
 * Tests stand at doors: every folder of src/ has modules that the others come in by, and a test holds each of those listed here,
 * with what lies behind it. A test of its own for a module that is no door is welcome where the door is far away.
 */

/** By folder of src/: door → the test in test/ that goes through it. */
const DOORS: Record<string, Record<string, string>> = {
  batch: { 'run.ts': 'batch/run.slow', 'results.ts': 'batch/journal', 'read-run.ts': 'batch/run.slow' },
  'batch/ray': { 'ray-executor.ts': 'batch/ray/cluster.slow' },
  'batch/zoo': { 'read-zoo.ts': 'batch/zoo/folder-zoo', 'zoo-schema.ts': 'docs/zoo' },
  'batch/zoo/mlflow': { 'read-mlflow.ts': 'batch/zoo/mlflow' },
  bridge: { 'pool.ts': 'bridge/pool', 'guarded-spawn.ts': 'bridge/guard', 'sandbox.ts': 'bridge/sandbox' },
  cli: { 'output.ts': 'cli/output', 'exit-codes.ts': 'errors' },
  'cli/arguments': { 'options.ts': 'docs/ci', 'sample.ts': 'cli/score-server.slow' },
  convert: { 'convert.ts': 'converters/keras.slow', 'convert-all.ts': 'converters/boosters.slow' },
  'convert/options': { 'conversion-options.ts': 'convert/options' },
  converters: { 'manifest.ts': 'detect/detect', 'answer.ts': 'converters/networks.slow' },
  deploy: { 'render.ts': 'deploy/render', 'apply.ts': 'deploy/render' },
  detect: { 'detect.ts': 'detect/detect', 'find-models.ts': 'detect/find-models', 'trust.ts': 'detect/trust' },
  environments: { 'ensure.ts': 'environments/ensure.slow', 'interpreters.ts': 'environments/interpreters' },
  files: { 'write-whole.ts': 'files/write-whole', 'inputs.ts': 'files/inputs' },
  graph: { 'normalize.ts': 'graph/normalize', 'inspect.ts': 'graph/inspect', 'sketch.ts': 'graph/sketch' },
  'graph/codec': { 'codec.ts': 'graph/codec/codec', 'wire.ts': 'graph/codec/wire' },
  'graph/passes': { 'passes.ts': 'graph/passes/order' },
  inference: { 'open.ts': 'inference/open' },
  registry: { 'open.ts': 'registry/open', 'reference.ts': 'registry/reference', 'rollback.ts': 'registry/rollback' },
  'registry/mssql': { 'registry.ts': 'registry/mssql/registry', 'schema.ts': 'docs/dba' },
  'registry/mssql/scripts': { 'init.ts': 'docs/dba', 'register.ts': 'registry/mssql/statements' },
  report: { 'live.ts': 'report/live', 'write-report.ts': 'report/page.slow' },
  'report/page': { 'text.ts': 'report/page/text', 'data.ts': 'report/page/alike' },
  rows: { 'read-table.ts': 'rows/read-table', 'frame-file.ts': 'rows/frame-file', 'columns.ts': 'rows/columns' },
  runtimes: { 'ensure.ts': 'inference/onnxruntime-1.5.slow', 'manifest.ts': 'runtimes/manifest' },
  sbom: { 'bom.ts': 'sbom/bom.slow' },
  score: { 'score.ts': 'score/score', 'score-table.ts': 'score/score-table.slow', 'diff.ts': 'score/diff' },
  server: { 'names.ts': 'server/names', 'table.ts': 'server/table', 'address.ts': 'server/address' },
  signing: { 'model-files.ts': 'signing/signing', 'keys.ts': 'signing/signing', 'stored.ts': 'signing/signing' },
  sql: { 'predict.ts': 'sql/predict', 'throw.ts': 'docs/dba' },
  targets: { 'targets.ts': 'docs/targets' },
  verify: { 'verify.ts': 'verify/top', 'compare.ts': 'verify/compare' },
};

const COMMAND_LINE = 'a command line is its door: it is run as a user runs it';
const NORMALIZE = 'a graph that is normalised is its door, and each pass has tests that look at nothing else';
const SCORE = 'rows that are scored are its door, wherever they come from and go to';
/** Folders without a door that a test could go through: why, and the test that comes by all the same. */
const BEHIND: Record<string, [reason: string, test: string]> = {
  bundled: ['packages that scripts/bundle.mjs puts inside; the tarball runs without them', 'scripts/tarball.slow'],
  'cli/commands/machine': [COMMAND_LINE, 'environments/ensure.slow'],
  'cli/commands/models': [COMMAND_LINE, 'cli/commands.slow'],
  'cli/commands/registry': [COMMAND_LINE, 'cli/commands.slow'],
  'cli/commands/rows': [COMMAND_LINE, 'cli/score-server.slow'],
  'cli/progress': [COMMAND_LINE, 'cli/batch-watch.slow'],
  'cli/text': [COMMAND_LINE, 'cli/commands.slow'],
  demo: [COMMAND_LINE, 'docs/readme.slow'],
  doctor: [COMMAND_LINE, 'doctor/registry'],
  'graph/facts': [NORMALIZE, 'graph/normalize'],
  'graph/operators': [NORMALIZE, 'graph/passes/opsets'],
  'graph/passes/batch': [NORMALIZE, 'graph/passes/batch'],
  'graph/passes/columns': [NORMALIZE, 'graph/passes/pictures'],
  'graph/passes/opsets': [NORMALIZE, 'graph/passes/opsets'],
  'graph/passes/outputs': [NORMALIZE, 'graph/passes/top'],
  'graph/passes/text': [NORMALIZE, 'graph/passes/text'],
  'graph/passes/transposed': [NORMALIZE, 'graph/passes/transposed'],
  'graph/passes/weights': [NORMALIZE, 'graph/passes/weights'],
  library: ['the exports of the package are its door', 'library/read-model.slow'],
  'registry/duckdb': ['an address that is opened is its door', 'registry/duckdb/registry'],
  'score/compare': [SCORE, 'score/score-there.slow'],
  'score/here': [SCORE, 'score/score'],
  'score/here/process': [SCORE, 'score/wide.slow'],
  'score/server': [SCORE, 'score/score-there.slow'],
  'score/write': [SCORE, 'score/score'],
};

const room = path.posix.dirname;
const testFile = (name: string) => `test/${name}.test.ts`;
const inside = importsOf('src');
const fromTests = importsOf('test');

test('every folder of src/ has a door with a test, or lies behind one', () => {
  const modules = [...readModules('src').keys()].filter((name) => name.includes('/'));
  const folders = new Set(modules.map((name) => `src/${room(name)}`));
  const listed = [...Object.keys(DOORS), ...Object.keys(BEHIND)].map((folder) => `src/${folder}`);
  expect(listed.sort()).toEqual([...folders].sort());
});

test.each(Object.entries(DOORS))(
  'the doors of %s are used from elsewhere, and their tests go through them',
  (folder, doors) => {
    for (const [door, name] of Object.entries(doors)) {
      const module = `src/${folder}/${door}`;
      const users = inside.filter(({ from, to }) => to === module && room(from) !== room(module));
      const entrance = users.length > 0;
      expect([door, entrance, reached(testFile(name)).has(module)]).toEqual([door, true, true]);
    }
  },
);

test('what lies behind a door has a test that comes by', () => {
  expect(Object.values(BEHIND).filter(([, name]) => !existsSync(path.join(packageRoot, testFile(name))))).toEqual([]);
});

/** What a test takes from src/, itself or through files beside it. */
function reached(file: string, seen = new Set<string>()): Set<string> {
  for (const { from, to } of fromTests) {
    if (from !== file || seen.has(to)) continue;
    seen.add(to);
    if (to.startsWith('test/')) reached(to, seen);
  }
  return seen;
}
