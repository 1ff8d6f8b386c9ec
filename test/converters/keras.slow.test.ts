import { existsSync } from 'node:fs';
import { cp, readdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertModel } from '../../src/convert/convert.js';
import { convertAll } from '../../src/convert/convert-all.js';
import { Converters } from '../../src/convert/converters.js';
import type { Conversion } from '../../src/convert/document.js';
import { findInterpreters } from '../../src/environments/interpreters.js';
import { packageRoot } from '../../src/paths.js';
import { columnFeeds, numbers, runGraph } from '../graph/run.js';
import { type NetworkSample, networkSamples } from '../support/networks.js';
import { type Prepared, prepare } from '../support/prepared.js';
import { lackingWalls } from '../support/walls.js';

const MINUTES = 60_000;
const DIFFERENCE = 1e-5;
const AGREEMENT = 1e-6;
const ROWS = 200;
const FIXTURES = path.join(packageRoot, 'test', 'batteries', 'fixtures', 'keras2');

let keras: Prepared;
let samples: NetworkSample[];

beforeAll(async () => {
  keras = await prepare('keras');
  samples = await networkSamples('keras');
  await Promise.all([
    keras.python('samples/keras/train.py', path.join(keras.folder, 'models')),
    cp(FIXTURES, path.join(keras.folder, 'fixtures'), { recursive: true }),
  ]);
}, 10 * MINUTES);

afterAll(() => keras.close());

const place = ({ file }: NetworkSample): string =>
  [path.join(keras.folder, 'models', file), path.join(keras.folder, 'fixtures', file)].find(existsSync) ?? file;

/** How each of these ends: `verified`, or a code. */
async function endsOf(
  chosen: NetworkSample[],
  options: Parameters<typeof convertAll>[2],
): Promise<Record<string, string>> {
  const results = await convertAll(chosen.map(place), keras.converters, options);
  return Object.fromEntries(results.map((result) => [path.basename(result.source), endOf(result)]));
}

function endOf({ error, verification }: Conversion): string {
  if (error !== undefined) return error.code;
  const runtimes = verification?.runtimes.join();
  const within = verification?.status === 'passed' && verification.maxAbsDiff <= DIFFERENCE;
  return within && runtimes === '1.30.0,1.12.1' ? 'verified' : `${verification?.status} ${verification?.maxAbsDiff}`;
}

const wanted = (chosen: NetworkSample[], end: (sample: NetworkSample) => string | undefined) =>
  Object.fromEntries(chosen.map((sample) => [sample.file, end(sample)]));

describe('Keras', () => {
  it('samples and files of Keras 2 verify or are refused', { timeout: 10 * MINUTES }, async () => {
    const out = path.join(keras.folder, 'out');
    expect(await endsOf(samples, { out })).toEqual(wanted(samples, ({ expected = 'verified' }) => expected));
  });

  it(
    'Lambda layers convert once the file is trusted, whichever Python compiled them',
    async () => {
      const chosen = samples.filter(({ trusted }) => trusted !== undefined);
      const ends = await endsOf(chosen, { out: path.join(keras.folder, 'trusted'), trust: { all: true } });
      expect(ends).toEqual(wanted(chosen, ({ trusted }) => trusted));
    },
    5 * MINUTES,
  );

  it(
    'weights alone convert with the function that builds their model, which is trusted like code',
    async () => {
      const models = path.join(keras.folder, 'models');
      const weights = path.join(models, 'penguin-plain.weights.h5');
      const options = { factory: 'penguin_factory:build', sample: path.join(models, 'penguin-plain.sample.csv') };
      await cp(
        path.join(packageRoot, 'samples', 'keras', 'penguin_factory.py'),
        path.join(models, 'penguin_factory.py'),
      );
      await expect(convertModel(weights, keras.converters, options)).rejects.toMatchObject({
        code: 'UNTRUSTED_ARTIFACT',
      });
      const trusted = { ...options, trust: { all: true } };
      const { verification, bytes } = await convertModel(weights, keras.converters, trusted);
      expect(verification.status).toBe('passed');
      const whole = await convertModel(path.join(models, 'penguin-plain.keras'), keras.converters);
      const { signature } = whole.normalized;
      const rows = Object.fromEntries(signature.inputs.map(({ name }, at) => [name, numbers(ROWS, at)]));
      const feeds = columnFeeds(signature, rows);
      expect(await runGraph(bytes, feeds)).toEqual(await runGraph(whole.bytes, feeds));
      const absent = { ...trusted, factory: 'no_such_module:build' };
      await expect(convertModel(weights, keras.converters, absent)).rejects.toMatchObject({ code: 'MISSING_MODULE' });
    },
    2 * MINUTES,
  );

  it(
    'convert as before once keras-onnx, of the same environment, has changed all of TensorFlow in its own process',
    async () => {
      const converters = await Converters.open({ jobs: 1 });
      try {
        await convertModel(path.join(FIXTURES, 'seq.h5'), converters, { converter: 'keras-onnx' });
        const file = path.join(keras.folder, 'models', 'sunspots-lstm.keras');
        const { verification, converter } = await convertModel(file, converters);
        expect({ converter, status: verification.status }).toEqual({ converter: 'keras', status: 'passed' });
      } finally {
        await converters.close();
      }
    },
    2 * MINUTES,
  );

  it('every format has a sample', () => {
    const manifest = keras.converters.manifests.find(({ id }) => id === 'keras');
    expect(new Set(samples.map(({ format }) => format))).toEqual(new Set(manifest?.formats.map(({ id }) => id)));
  });

  it(
    'inputs and outputs keep their names and the order of the model',
    async () => {
      const file = path.join(keras.folder, 'fixtures', 'multi.h5');
      const { normalized, verification } = await convertModel(file, keras.converters);
      const { inputs, outputs } = normalized.signature;
      expect(inputs.map(({ name, type }) => `${name} ${type}`)).toEqual(['age float', 'income float', 'cat int32']);
      expect(outputs.map(({ name }) => name)).toEqual(['p', 'r_0', 'r_1']);
      // Codes from 0 to 9 are all that its embedding knows; others would end in an error.
      expect(verification).toMatchObject({ status: 'passed', rowsSource: 'synthetic' });
    },
    MINUTES,
  );
});

describe('without trust', () => {
  it('no file runs code, wherever in it the code is', { timeout: 5 * MINUTES }, async () => {
    const folder = path.join(keras.folder, 'crafted');
    await keras.python('test/converters/keras_crafted.py', folder);
    const files = (await readdir(folder)).filter((name) => /\.(keras|h5)$/.test(name));
    expect(files).toHaveLength(12);
    const paths = files.map((name) => path.join(folder, name));
    const ran = async () => (await readdir(folder)).filter((name) => name.startsWith('ran-'));
    for (const converter of ['keras', 'keras-onnx']) {
      const results = await convertAll(paths, keras.converters, { out: path.join(folder, 'out'), converter });
      const codes = new Set(results.map(({ error }) => error?.code));
      codes.delete('UNSUPPORTED_MODEL');
      expect([...codes]).toEqual(['UNTRUSTED_ARTIFACT']);
      if (converter === 'keras') expect(results.every(({ error }) => error?.code === 'UNTRUSTED_ARTIFACT')).toBe(true);
    }
    expect(await ran()).toEqual([]);
    // With trust they run, and write nothing behind the walls.
    const lambdas = files.filter((name) => /lambda|nested|wrapped/.test(name));
    const options = { out: path.join(folder, 'out'), trust: { all: true } };
    await convertAll(
      lambdas.map((name) => path.join(folder, name)),
      keras.converters,
      options,
    );
    if ((await lackingWalls()) === '') expect(await ran()).toEqual([]);
    // The proof that there was something to be kept from it: Keras alone.
    await keras.python('test/converters/keras_crafted.py', folder, ...lambdas);
    expect((await ran()).sort()).toEqual(lambdas.map((name) => `ran-${path.parse(name).name}`).sort());
  });
});

describe('a file that calls functions or reads other files', () => {
  let folder: string;
  let files: string[];
  beforeAll(async () => {
    folder = path.join(keras.folder, 'attacks');
    await keras.python('test/converters/keras_attacks.py', folder);
    await keras.python('test/converters/keras_members.py', folder);
    files = (await readdir(folder)).filter((name) => /\.(h5|keras)$/.test(name) && !name.endsWith('.weights.h5'));
  }, 2 * MINUTES);
  const columns = ['a', 'b', 'c', 'd'];
  const expected = (name: string) =>
    /^(outside|linked|assembled|through|referred)-/.test(name)
      ? 'UNSUPPORTED_MODEL'
      : /^((climbs|absolute|twice|link|both-zip|both-later)\.|npz-|member-|said-(?!src))/.test(name)
        ? 'CORRUPT_MODEL'
        : 'UNTRUSTED_ARTIFACT';

  it.each(['keras', 'keras-onnx'])(
    'is refused by %s before anything of it is loaded',
    async (converter) => {
      const out = path.join(folder, 'out');
      const taken = converter === 'keras' ? files : files.filter((name) => !name.includes('-3-'));
      const paths = taken.map((name) => path.join(folder, name));
      const results = await convertAll(paths, keras.converters, { out, converter, columns });
      const codes = results.map(({ source, error }) => [path.basename(source), error?.code]);
      // keras-onnx takes no model of Keras 3 at all.
      const wanted = (name: string) =>
        converter === 'keras-onnx' && name === 'link.keras' ? 'CORRUPT_MODEL' : expected(name);
      expect(Object.fromEntries(codes)).toEqual(Object.fromEntries(taken.map((name) => [name, wanted(name)])));
      expect((await readdir(folder)).filter((name) => name.startsWith('ran-'))).toEqual([]);
      expect((await readdir(out)).filter((name) => name.endsWith('.onnx'))).toEqual([]);
    },
    2 * MINUTES,
  );

  it.each([
    ['class-method.h5', 'layer step calls tf.keras.utils.get_file.__call__'],
    ['nested.h5', 'layer step calls tf.keras.utils.get_file.__call__'],
    ['text.h5', 'calls tf.keras.utils.get_file.__call__'],
    ['registered.keras', 'calls tf.keras.utils.get_file.__call__'],
    ['operator-text.h5', 'calls the operator WriteFile'],
    ['instance-property.h5', 'calls graph of a tensor'],
    ['activation.keras', 'calls the function load_model'],
    ['cell.h5', 'holds Python code'],
    ['vocabulary-2-h5.h5', 'words.txt'],
    ['outside-2-h5.h5', 'kernel:0 is stored in another file, '],
    [
      'outside-3-keras.keras',
      'model.weights.h5 in outside-3-keras.keras: /layers/dense/vars/0 is stored in another file, ',
    ],
    ['linked-2-keras.keras', 'is a link into another file, '],
    ['assembled-3-keras.keras', 'is made of parts of other files, '],
    ['link.keras', 'the member "assets" is a link'],
    ['both-zip.keras', 'is a zip file and an HDF5 file at once'],
    ['npz-renamed.keras', 'the member model.weights.npz, which is none that Keras writes'],
    ['npz-beside.keras', 'the member model.weights.npz, which is none that Keras writes'],
    ['member-second.keras', 'the member assets/a.txt has a second name'],
    ['member-case.keras', "it holds 'assets/A.txt' twice"],
    ['said-list.keras', 'metadata.json says nothing of Keras'],
    ['said-digit.keras', 'this is no version of Keras: ²'],
    ['said-long.keras', 'this is no version of Keras: 222'],
    ['said-layers.keras', 'the layers of Functional are no list of layers'],
    ['said-class.keras', "the class_name ['Dense'] of a layer is no name"],
    ['said-nested.keras', 'its description is nested too deep'],
    ['said-src-keras.keras', "layer step is of the class src.keras.layers.Activation, which is not Keras's own"],
  ])('%s: the message says what was found, %s', async (name, said) => {
    const out = path.join(folder, 'out');
    const [result] = await convertAll([path.join(folder, name)], keras.converters, { out, columns });
    expect(result?.error?.message).toContain(said);
    expect(result?.error?.message.length).toBeLessThan(500);
  });

  it('weights that NumPy would unpickle are no weights, for a trusted factory either', async () => {
    const options = { factory: 'factory2:build', trust: { all: true }, columns };
    for (const name of ['npz-renamed', 'npz-folded', 'npz-beside'])
      await expect(convertModel(path.join(folder, `${name}.keras`), keras.converters, options)).rejects.toMatchObject({
        code: 'CORRUPT_MODEL',
        message: expect.stringContaining('the member model.weights.npz'),
      });
    expect((await readdir(folder)).filter((name) => name.startsWith('ran-'))).toEqual([]);
  });

  it('what only looks unusual converts: a zip packed anew, and x // 2', async () => {
    const fine = (name: string) => path.join(folder, 'fine', name);
    for (const name of ['packed.keras', 'floor.h5']) {
      const { verification } = await convertModel(fine(name), keras.converters, { columns });
      expect(verification.status, name).toBe('passed');
    }
    // Its vocabulary lies among the assets, and is loaded.
    const lookup = convertModel(fine('assets.keras'), keras.converters, { columns: ['a', 'b'] });
    await expect(lookup).rejects.toMatchObject({ message: expect.stringContaining('lookup tables of type') });
  });

  it.each(['outside', 'linked', 'assembled'])(
    'weights %s are no weights, for a trusted factory either',
    async (name) => {
      const options = { factory: 'factory:build', trust: { all: true }, columns };
      const file = path.join(folder, `${name}-3-weights-h5.weights.h5`);
      await expect(convertModel(file, keras.converters, options)).rejects.toMatchObject({
        code: 'UNSUPPORTED_MODEL',
        message: expect.stringContaining('Nothing of it was loaded'),
      });
    },
  );

  it('a SavedModel of Keras 2 is looked through before keras-onnx loads it', async () => {
    const options = { converter: 'keras-onnx', columns };
    await expect(convertModel(path.join(folder, 'graph'), keras.converters, options)).rejects.toMatchObject({
      code: 'UNSUPPORTED_OPERATOR',
      message: expect.stringContaining('ReadFile'),
    });
  });

  it('would have run or read something', async () => {
    const names = [
      'class-method.h5',
      'cell.h5',
      'npz-renamed.keras',
      'outside-2-h5.h5',
      'outside-2-keras.keras',
      'vocabulary-2-h5.h5',
    ];
    const script = 'test/converters/keras_attacks.py';
    expect(JSON.parse(await keras.python(script, folder, ...names))).toEqual(
      Object.fromEntries(names.map((name) => [name, true])),
    );
  });

  it('no class or function of Keras that only computes is missing among those that a file may name', async () => {
    const said = await keras.python('test/converters/keras_allowed.py');
    expect(JSON.parse(said)).toEqual({ layers: [], parts: [], operations: [], functions: [] });
  });
});

describe('roads', () => {
  it(
    'the next one is taken where one does not verify, and a warning names them',
    async () => {
      const file = path.join(keras.folder, 'models', 'sunspots-unrolled.h5');
      const { converter, verification, warnings } = await convertModel(file, keras.converters, {
        target: 'sql-edge-1',
      });
      expect({ converter, status: verification.status }).toEqual({ converter: 'keras-onnx', status: 'passed' });
      const said = warnings.map(({ message }) => message).join();
      expect(said).toMatch(/by way of keras-onnx, since saved-model: /);
    },
    2 * MINUTES,
  );

  it(
    "Keras's own export is taken where it keeps the constants of layers, and refused where it loses them",
    async () => {
      const manifest = keras.converters.manifests.find(({ id }) => id === 'keras');
      if (manifest === undefined) throw new Error('no converter keras');
      const { roads } = manifest;
      manifest.roads = [{ id: 'own-export' }];
      try {
        const models = path.join(keras.folder, 'models');
        const conv = await convertModel(path.join(models, 'digits-conv.keras'), keras.converters);
        expect(conv.verification.status).toBe('passed');
        expect(conv.verification.maxAbsDiff).toBeLessThan(DIFFERENCE);
        await expect(convertModel(path.join(models, 'penguin-tabular.keras'), keras.converters)).rejects.toMatchObject({
          code: 'UNSUPPORTED_MODEL',
          message: expect.stringMatching(/normalization.*constants of its layers/),
        });
      } finally {
        manifest.roads = roads;
      }
    },
    2 * MINUTES,
  );
});

describe('keras-onnx', () => {
  const options = { converter: 'keras-onnx', trust: { all: true } };

  it(
    'is never chosen by itself, and converts models of Keras 2 on request',
    async () => {
      const chosen = samples.filter(({ kerasOnnx }) => kerasOnnx !== undefined);
      const ends = await endsOf(chosen, { ...options, out: path.join(keras.folder, 'keras-onnx') });
      expect(ends).toEqual(wanted(chosen, ({ kerasOnnx }) => kerasOnnx));
    },
    5 * MINUTES,
  );

  it('predicts what the other converter makes of the same file: both have the weights that are in it', {
    timeout: 5 * MINUTES,
  }, async () => {
    const chosen = samples.filter(({ kerasOnnx }) => kerasOnnx === 'verified');
    expect(chosen.map(({ file }) => path.extname(file))).toEqual(expect.arrayContaining(['.h5', '.keras']));
    for (const sample of chosen) {
      const { file } = sample;
      const model = place(sample);
      const ours = await convertModel(model, keras.converters, { trust: { all: true } });
      const theirs = await convertModel(model, keras.converters, options);
      const { inputs, outputs } = ours.normalized.signature;
      expect(theirs.normalized.signature.inputs, file).toEqual(inputs);
      const values = Object.fromEntries(inputs.map(({ name }, at) => [name, numbers(ROWS, at)]));
      const feeds = columnFeeds(ours.normalized.signature, values);
      const [first, second] = [await runGraph(ours.bytes, feeds), await runGraph(theirs.bytes, feeds)];
      const other = theirs.normalized.signature.outputs;
      for (const [at, output] of outputs.entries()) {
        const [one, two] = [first[output.name]?.values.map(Number), second[other[at]?.name ?? '']?.values.map(Number)];
        expect(one).toHaveLength(ROWS);
        const apart = one?.map(
          (value, row) => Math.abs(value - (two?.[row] ?? Number.NaN)) / Math.max(1, Math.abs(value)),
        );
        expect(Math.max(...(apart ?? [])), `${file} ${output.name}`).toBeLessThanOrEqual(AGREEMENT);
      }
    }
  });

  it('refuses models of Keras 3', async () => {
    const file = path.join(keras.folder, 'models', 'digits-conv.keras');
    await expect(convertModel(file, keras.converters, options)).rejects.toMatchObject({ code: 'UNSUPPORTED_MODEL' });
  });

  it('of 2020 and of today make models of the same file that predict the same', {
    timeout: 10 * MINUTES,
  }, async (context) => {
    const interpreters = await findInterpreters({});
    if (!interpreters.some(({ version }) => version.startsWith('3.8.'))) {
      console.warn('keras-onnx of 2020 is left out: this machine has no Python 3.8');
      context.skip();
    }
    for (const name of ['seq.h5', 'multi.h5', 'lstm.h5', 'lam.h5']) {
      const file = path.join(keras.folder, 'fixtures', name);
      const by = (environment?: string) => convertModel(file, keras.converters, { ...options, environment });
      const [today, then] = [await by(), await by('keras-onnx 2020')];
      for (const each of [today, then]) expect(each.verification.status, name).toBe('passed');
      expect(then.provenance.libraries).toMatchObject({ 'tensorflow-cpu': '2.3.4', keras2onnx: '1.7.0' });
      const { inputs, outputs } = today.normalized.signature;
      expect(then.normalized.signature, name).toEqual(today.normalized.signature);
      const columns = inputs.map(({ type }, at) =>
        type === 'int32' ? numbers(ROWS, at).map((value) => Math.round(value + 2)) : numbers(ROWS, at),
      );
      const feeds = columnFeeds(
        today.normalized.signature,
        Object.fromEntries(inputs.map(({ name }, at) => [name, columns[at] ?? []])),
      );
      const [first, second] = [await runGraph(today.bytes, feeds), await runGraph(then.bytes, feeds)];
      for (const output of outputs) {
        const pairs = first[output.name]?.values.map((one, at) => [
          Number(one),
          Number(second[output.name]?.values[at]),
        ]);
        expect(pairs).toHaveLength(ROWS);
        for (const [one = Number.NaN, other = Number.NaN] of pairs ?? [])
          expect(Math.abs(one - other), `${name} ${output.name}`).toBeLessThanOrEqual(
            AGREEMENT * Math.max(1, Math.abs(one)),
          );
      }
    }
  });
});

describe('functions of older Pythons', () => {
  it(
    'are read as the formula that they are, or not at all',
    async () => {
      const script = path.join(packageRoot, 'test', 'converters', 'keras_functions.py');
      const interpreters = await findInterpreters({});
      const tried = interpreters.filter(({ version }) => /^3\.(6|7|8|9|10|11|12|13)\./.test(version));
      expect(tried.length).toBeGreaterThan(0);
      const marshalled = await Promise.all(
        tried.map(async ({ path: python }) => (await execa(python, [script])).stdout),
      );
      const read = JSON.parse(await keras.python('test/converters/keras_functions.py', ...marshalled));
      for (const [at, { version }] of tried.entries()) {
        for (const [name, { expected, found }] of Object.entries<{ expected: number; found: number | null }>(
          read[at],
        )) {
          // Python 3.12 and newer have operations of their own: refused, never run as something else.
          if (found !== null) expect(found, `${name} of Python ${version}`).toBe(expected);
          else expect(/^3\.1[2-9]|branch|inner/.test(`${version} ${name}`), `${name} of Python ${version}`).toBe(true);
        }
      }
    },
    2 * MINUTES,
  );
});
