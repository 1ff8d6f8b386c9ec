// Makes a zoo of real models of mixed families, trained here on real data, and says how each must end:
//
//     npm run zoo -- FOLDER [--models 1000]
//
// FOLDER gets a zoo.yaml, a trust.lock for all but the models that are to be refused for want of trust, and expected.json:
// by source, `converted` or the code of the error. The same count gives the same zoo on the same machine.

import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { factoryFiles } from '../../dist/batch/factory.js';
import { readZoo } from '../../dist/batch/zoo/read-zoo.js';
import { readManifests } from '../../dist/converters/manifest.js';
import { writeTrustLock } from '../../dist/detect/trust.js';
import { bench, pythonOf, run } from '../prepare.mjs';

/** Models besides scikit-learn's: in a zoo of a thousand, one in six. */
const BOOSTERS = 0.06;
/** From here on, every family takes part; a smaller zoo has those that are quick to train and to start. */
const ALL_FAMILIES = 200;

const NETWORKS = ['pytorch', 'tensorflow', 'keras'];
const OPTIONS = { inputs: 'input', factory: 'factory', signature: 'signature', outputs: 'outputs', atol: 'atol' };

const samples = path.join(bench, '..', 'samples');
const batteries = path.join(bench, '..', 'test', 'batteries');
const here = path.join(bench, 'zoo');
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

export async function makeZoo(folder, models) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const groups = [];
  const boosters = Math.max(3, Math.round(models * BOOSTERS));
  const families = [
    () => scripted('boosters', 'lightgbm', path.join(here, 'boosters.py'), boosters),
    () => otherTabular('libsvm'),
    ...(models < ALL_FAMILIES
      ? []
      : [
          () => otherTabular('coreml'),
          ...(existsSync(java()) ? [() => otherTabular('h2o'), () => otherTabular('spark')] : []),
          ...NETWORKS.map((id) => () => networks(id)),
        ]),
  ];
  for (const family of families) groups.push(await family());
  const others = groups.reduce((sum, { count }) => sum + count, 0);
  const bad = 20;
  groups.unshift(await tables(Math.max(1, models - others - bad)));
  const entries = groups.flatMap(({ entries }) => entries);
  const title = `${models} models of mixed families`;
  writeFileSync(path.join(folder, 'zoo.yaml'), stringify({ schema: 1, title, models: entries }));
  const refused = Object.assign({}, ...groups.map((group) => group.refused));
  const trusted = new Set(groups.flatMap((group) => group.trusted ?? []));
  const zoo = await readZoo(path.join(folder, 'zoo.yaml'), await readManifests());
  const vouched = zoo.models.filter(({ source }) => trusted.has(source) || /^(tables\/(?!bad-untrusted))/.test(source));
  const modules = vouched.flatMap(factoryFiles).filter((file) => existsSync(file));
  await writeTrustLock(
    [...new Set([...vouched.map((model) => model.path), ...modules])],
    path.join(folder, 'trust.lock'),
  );
  const expected = Object.fromEntries(zoo.models.map(({ source }) => [source, refused[source] ?? 'converted']));
  writeFileSync(path.join(folder, 'expected.json'), `${JSON.stringify(expected, null, 2)}\n`);
  return expected;

  async function tables(count) {
    run(await pythonOf('sklearn'), path.join(here, 'tables.py'), path.join(folder, 'tables'), String(count));
    const codes = read(path.join(folder, 'tables', 'refused.json'));
    const file = (name) => (name.startsWith('bad-module') ? `${name}.pkl` : `${name}.joblib`);
    const refused = Object.fromEntries(Object.entries(codes).map(([name, code]) => [`tables/${file(name)}`, code]));
    return { entries: [{ path: ['tables/*.joblib', 'tables/*.pkl'], tags: ['scikit-learn'] }], refused, count };
  }

  async function scripted(name, converter, script, count) {
    run(await pythonOf(converter), script, path.join(folder, name), String(count));
    const path_ = [`${name}/*`, `!${name}/*.csv`];
    return { entries: [{ path: path_, tags: [name] }], refused: {}, count };
  }

  /** The samples of the other tabular families, as their tests describe them. */
  async function otherTabular(id) {
    const family = read(path.join(batteries, 'other-tabular.json')).families.find(({ converter }) => converter === id);
    const to = path.join(folder, id);
    mkdirSync(to);
    if (family.folder) cpSync(path.join(batteries, family.folder), to, { recursive: true });
    else run(await pythonOf(id), path.join(batteries, family.script), to);
    const { models: all } = await readZoo(
      to,
      (await readManifests()).filter((manifest) => manifest.id === id),
    );
    const found = models < ALL_FAMILIES ? all.filter((_, index) => index % 8 === 0) : all;
    const refused = Object.fromEntries(
      found.flatMap(({ source }) => {
        const code = family.refused[path.parse(source).name];
        return code === undefined ? [] : [[`${id}/${source}`, code]];
      }),
    );
    const entries = [{ path: found.map(({ source }) => `${id}/${source}`), tags: [id] }];
    return { entries, refused, count: found.length };
  }

  /** The samples of networks, each with what its file leaves open. */
  async function networks(id) {
    run(await pythonOf(id), path.join(samples, id, 'train.py'), path.join(folder, id));
    const listed = read(path.join(samples, id, 'models.json')).models;
    const refused = {};
    const trusted = [];
    const entries = listed.map((model) => {
      const source = `${id}/${model.file}`;
      const code = model.expected ?? model.refused;
      if (code !== undefined) refused[source] = code;
      if (model.factory !== undefined) trusted.push(source);
      const options = Object.entries(OPTIONS).filter(([key]) => model[key] !== undefined);
      const name = `${id}-${model.file.replaceAll('.', '-')}`;
      return { path: source, name, tags: [id], ...Object.fromEntries(options.map(([key, as]) => [as, model[key]])) };
    });
    return { entries, refused, trusted, count: entries.length };
  }
}

function java() {
  return process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin', 'java') : '/usr/bin/java';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    options: { models: { type: 'string', default: '1000' } },
    allowPositionals: true,
  });
  const [folder] = positionals;
  if (folder === undefined) {
    console.error('usage: npm run zoo -- FOLDER [--models 1000]');
    process.exit(2);
  }
  const begun = performance.now();
  const expected = await makeZoo(path.resolve(folder), Number(values.models));
  const ends = Object.values(expected);
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(
    `${ends.length} models in ${seconds} s, ${ends.filter((end) => end !== 'converted').length} of them to be refused`,
  );
  process.exit(0);
}
