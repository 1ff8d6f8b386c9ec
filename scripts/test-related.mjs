// Runs the tests that a change touches, and says which and why:
//
//     npm run test:related              what differs from main, committed or not
//     npm run test:related -- HEAD      what is not committed
//     npm run test:related -- --list    says it, and runs nothing
//
// What TypeScript imports, vitest follows; for all other files there is the table below.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const NETWORKS = ['networks'];
/** Tests of test/converters/ that convert with a converter, by the beginnings of their names. */
const CONVERTERS = {
  sklearn: ['samples', 'estimators', 'variants', 'old-models', 'booster-pipelines', 'held-out'],
  lightgbm: ['boosters', 'damaged-boosters', 'booster-pipelines', 'held-out'],
  xgboost: ['boosters', 'damaged-boosters', 'booster-pipelines', 'held-out'],
  catboost: ['boosters', 'damaged-boosters', 'booster-pipelines', 'held-out'],
  libsvm: ['other-tabular'],
  h2o: ['other-tabular'],
  coreml: ['other-tabular'],
  spark: ['other-tabular', 'spark-folders'],
  pytorch: ['pytorch', ...NETWORKS],
  tensorflow: ['tensorflow', ...NETWORKS],
  keras: ['keras', ...NETWORKS],
  'keras-onnx': ['keras'],
};
/** Packages of python/, which several converters share; all others are every converter's. */
const PACKAGES = {
  predictable_trees: ['lightgbm', 'xgboost', 'catboost', 'sklearn'],
  predictable_tabular: ['libsvm', 'h2o', 'coreml', 'spark'],
  predictable_networks: ['pytorch', 'tensorflow', 'keras'],
  predictable_tensorflow: ['tensorflow', 'keras'],
  predictable_keras: ['keras', 'keras-onnx'],
};
/** The first that fits a file says its tests: paths that a test's has to begin with. */
const TABLE = [
  [/^converters\/([^/]+)\//, ([, id]) => ['test/detect/', ...ofConverters([id])]],
  [/^python\/predictable_ray\//, () => ['test/batch/ray/']],
  [/^python\/([^/]+)\//, ([, name]) => ['test/bridge/', ...ofConverters(PACKAGES[name] ?? Object.keys(CONVERTERS))]],
  [/^runtimes\/ray\//, () => ['test/batch/ray/']],
  [/^runtimes\//, () => ['test/runtimes/', 'test/inference/']],
  [/^schemas\//, () => ['test/cli/documents', 'test/docs/', 'test/batch/zoo/']],
  [/^(docs\/|README\.md|CHANGELOG\.md)/, () => ['test/docs/']],
  [/^samples\/(keras|pytorch|tensorflow)\//, ([, id]) => ['test/samples/', ...ofConverters([id])]],
  [/^samples\//, () => ['test/samples/', 'test/converters/samples', 'test/converters/booster', 'test/docs/readme']],
  [/^test\/batteries\/fixtures\/mlflow\//, () => ['test/batch/zoo/mlflow']],
  [/^bench\/held-out\//, () => ['test/converters/held-out']],
  [/^test\/batteries\//, () => ['test/samples/', 'test/converters/']],
  [/^src\/report\/page\//, () => ['test/report/']],
  [/^src\/targets\//, () => ['test/docs/targets', 'test/graph/']],
  [/^(Dockerfile|\.dockerignore|scripts\/)/, () => ['test/scripts/']],
  [/^package(-lock)?\.json$/, () => ['test/scripts/', 'test/index']],
  // Scripts and data beside tests: those of the same folder.
  [/^(test\/.+\/)(?:fixtures|snapshots|texts)\//, ([, folder]) => [folder]],
  [/^(test\/.+\/)[^/]+\.(?!ts$)\w+$/, ([, folder]) => [folder]],
];

const tests = readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name.split(path.sep).join('/')}`)
  .filter((name) => name.endsWith('.test.ts'))
  .sort();
const given = process.argv.slice(2);
const base = given.find((argument) => !argument.startsWith('-')) ?? 'main';
const files = changed(base);
const modules = files.filter((file) => /\.ts$/.test(file) && existsSync(path.join(root, file)));
const further = new Set();
for (const file of files) {
  const fitting = TABLE.map(([pattern, of]) => [pattern.exec(file), of]).find(([match]) => match !== null);
  if (fitting === undefined) continue;
  const [match, of] = fitting;
  const starts = of(match);
  const chosen = tests.filter((test) => starts.some((start) => test.startsWith(start)));
  for (const test of chosen) further.add(test);
  console.log(`${file}: ${chosen.length} test files (${starts.join(', ')})`);
}
if (modules.length > 0) console.log(`and the tests that import one of ${modules.length} changed TypeScript files`);
if (modules.length + further.size === 0) console.log('no test is touched');
else if (!given.includes('--list')) {
  const status = modules.length === 0 ? 0 : vitest('related', '--run', '--passWithNoTests', ...modules);
  const rest = further.size === 0 ? 0 : vitest('run', ...further);
  process.exit(status || rest);
}

/** Against the point where the branch left `base`; staged, unstaged and untracked files are in it. */
function changed(base) {
  const left = git('merge-base', base, 'HEAD').trim();
  const names = [git('diff', '--name-only', left), git('ls-files', '--others', '--exclude-standard')].join('\n');
  return [...new Set(names.split('\n').filter((name) => name !== ''))].sort();
}

function git(...args) {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' });
}

/** `boosters` is boosters.slow.test.ts and no other. What loads networks has hostile files, too. */
function ofConverters(ids) {
  const names = [...new Set(ids.flatMap((id) => CONVERTERS[id] ?? []))];
  const hostile = names.includes(NETWORKS[0]) ? ['test/hostile/'] : [];
  return [...names.map((name) => `test/converters/${name}.`), ...hostile];
}

function vitest(...args) {
  const program = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  return spawnSync(process.execPath, [program, ...args], { cwd: root, stdio: 'inherit' }).status ?? 2;
}
