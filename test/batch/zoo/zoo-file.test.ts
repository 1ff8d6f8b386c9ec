import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFileZoo } from '../../../src/batch/zoo/file-zoo.js';
import { readZoo } from '../../../src/batch/zoo/read-zoo.js';
import type { Zoo } from '../../../src/batch/zoo/zoo.js';
import { parseZooFile } from '../../../src/batch/zoo/zoo-file.js';
import { PredictableError } from '../../../src/errors.js';
import { LIGHTGBM, manifests, PICKLE, zooFolder } from './zoo-folder.js';

const MODELS = {
  'press/line1.joblib': PICKLE,
  'press/line2.joblib': PICKLE,
  'press/line1.sample.csv': 'a\n1\n',
  'oven.txt': LIGHTGBM,
  'requirements.txt': 'numpy\n',
  'rows.csv': 'a\n1\n',
};

async function zooOf(yaml: string, files: Record<string, string | Buffer | null> = MODELS): Promise<Zoo> {
  const folder = await zooFolder({ ...files, 'zoo.yaml': yaml });
  return readZoo(path.join(folder, 'zoo.yaml'), await manifests());
}

async function errorOf(
  yaml: string,
  files: Record<string, string | Buffer | null> = MODELS,
): Promise<PredictableError> {
  const thrown = await zooOf(yaml, files).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(PredictableError);
  return thrown as PredictableError;
}

/** The lines of the message, without the folder of the test. */
async function mistakesIn(yaml: string, files: Record<string, string | Buffer | null> = MODELS): Promise<string[]> {
  const error = await errorOf(yaml, files);
  expect(error.code).toBe('ZOO_INVALID');
  return error.message.split('\n').map((line) => line.replace(/^.*\/(?=zoo\.yaml:)/, ''));
}

describe('a zoo.yaml', () => {
  it('takes every option in the words of the command line', async () => {
    const zoo = await zooOf(`
schema: 1
title: Presses
models:
  - path: press/line1.joblib
    name: Line 1
    tags: [press, real]
    target: sql-server
    sample: rows.csv
    columns: a, b
    precision: auto
    on-null: 0
    on-unknown: zeros
    batch-dim: 1
    outputs: [p, 1]
    top: 3
    weights: float16
    image-size: 16x8
    input: ['x:float:N,4', 'region:int64:N']
    factory: net:make
    signature: serve
    tag: train
    rtol: 0
    atol: 1e-3
    converter: sklearn
    environment: tabular
    timeout: 1.5
`);
    expect(zoo.title).toBe('Presses');
    expect(zoo.models).toEqual([
      {
        name: 'Line 1',
        source: 'press/line1.joblib',
        path: path.join(zoo.root, 'press/line1.joblib'),
        tags: ['press', 'real'],
        readFrom: [],
        problem: undefined,
        options: {
          target: 'sql-server',
          sample: path.join(zoo.root, 'rows.csv'),
          columns: ['a', 'b'],
          precision: 'auto',
          onNull: 0,
          onUnknown: 'zeros',
          batch: 1,
          outputs: ['p', '1'],
          top: 3,
          weights: 'float16',
          imageSize: [16, 8],
          inputs: [
            { name: 'x', dtype: 'float32', shape: [-1, 4] },
            { name: 'region', dtype: 'int64', shape: [-1] },
          ],
          factory: 'net:make',
          signature: 'serve',
          tag: 'train',
          rtol: 0,
          atol: 1e-3,
          converter: 'sklearn',
          environment: 'tabular',
          timeout: 1500,
        },
      },
    ]);
  });

  it('has defaults beneath its entries, and those of the command beneath both', async () => {
    const folder = await zooFolder({
      ...MODELS,
      'zoo.yaml': `
schema: 1
defaults: {precision: auto, tags: all, rtol: 0.1}
models:
  - {path: oven.txt}
  - {path: press/*, precision: float, tags: press}
`,
    });
    const { models } = await readZoo(folder, await manifests(), { rtol: 0.9, atol: 0.5, precision: 'double' });
    expect(models.map(({ name, tags, options }) => [name, tags, options])).toEqual([
      ['oven', ['all'], { precision: 'auto', rtol: 0.1, atol: 0.5 }],
      ['press-line1', ['press'], { precision: 'float', rtol: 0.1, atol: 0.5 }],
      ['press-line2', ['press'], { precision: 'float', rtol: 0.1, atol: 0.5 }],
    ]);
  });

  it('makes a model for each target', async () => {
    const zoo = await zooOf(`
schema: 1
defaults: {targets: [synapse]}
models:
  - {path: oven.txt, targets: [sql-edge, sql-server, sql-edge]}
  - {path: press/line1.joblib}
  - {path: press/line2.joblib, target: embedded}
`);
    expect(zoo.models.map(({ name, options }) => [name, options.target])).toEqual([
      ['oven-sql-edge', 'sql-edge'],
      ['oven-sql-server', 'sql-server'],
      ['press-line1', 'synapse'],
      ['press-line2', 'embedded'],
    ]);
  });

  it.each([
    ['a folder', 'press', ['press-line1', 'press-line2']],
    ['everything', "'**'", ['oven', 'press-line1', 'press-line2', 'spark', 'tracked']],
    ['a pattern', "'**/*.joblib'", ['press-line1', 'press-line2']],
    ['a list', '[press/line2.joblib, oven.txt]', ['press-line2', 'oven']],
    ['a list that leaves out', "['**/*.{joblib,txt}', '!press/line1.*']", ['oven', 'press-line2']],
    ['a folder that leaves out', "[press, '!**/line2.joblib']", ['press-line1']],
    ['the same twice in one list', '[press, press/line1.joblib]', ['press-line1', 'press-line2']],
    ['MLmodel files', "'**/MLmodel'", ['tracked']],
    ['a name that looks like a pattern', "'[odd] {name}.joblib'", ['[odd] {name}']],
  ])('%s', async (_, written, names) => {
    const zoo = await zooOf(`schema: 1\nmodels: [{path: ${written}}]\n`, {
      ...MODELS,
      ...(written.includes('odd') ? { '[odd] {name}.joblib': PICKLE } : {}),
      'tracked/MLmodel': 'flavors: {sklearn: {pickled_model: model.pkl}}',
      'tracked/model.pkl': PICKLE,
      'tracked/requirements.txt': 'numpy',
      'spark/metadata/part-0': 'x',
      'spark/stages/0/inside.joblib': PICKLE,
      'out/journal.jsonl': '',
      'out/models/old.joblib': PICKLE,
    });
    expect(zoo.models.map(({ name }) => name)).toEqual(names);
  });

  it('may name files outside of its folder where the user allows it', async () => {
    const folder = await zooFolder({
      'store/a.joblib': PICKLE,
      'zoo/zoo.yaml': 'schema: 1\nmodels: [{path: ../store/a.joblib, name: a}, {path: ../store/*}]\n',
    });
    const { models } = await readZoo(path.join(folder, 'zoo'), await manifests(), {}, { allowOutside: true });
    expect(models.map(({ name, source }) => [name, source])).toEqual([
      ['a', '../store/a.joblib'],
      ['store-a', '../store/a.joblib'],
    ]);
  });

  it.each([
    ['a path', '{path: ../store/a.joblib}'],
    ['an absolute path', '{path: STORE/a.joblib}'],
    ['a folder', '{path: ../store}'],
    ['a pattern', '{path: ../store/*}'],
    ['an absolute pattern', '{path: "STORE/**"}'],
    ['a pattern that leads back', '{path: "press/../../store/*"}'],
    ['alternatives', '{path: "{../store,press}/*.joblib"}'],
    ['a link', '{path: link.joblib}'],
    ['a link to a folder', '{path: far/a.joblib}'],
    ['a pattern through a link', '{path: "far/*"}'],
    ['a link in a folder', '{path: linked}'],
    ['a sample', '{path: press/a.joblib, sample: ../store/rows.csv}'],
    ['a sample by a link', '{path: press/a.joblib, sample: rows.csv}'],
    ['a sidecar by a link', '{path: beside/b.joblib}'],
  ])('reads nothing outside of its folder by %s', async (_, entry) => {
    const folder = await zooFolder({
      'store/a.joblib': PICKLE,
      'store/rows.csv': 'a\n1\n',
      'zoo/press/a.joblib': PICKLE,
      'zoo/beside/b.joblib': PICKLE,
      'zoo/linked/keep.joblib': PICKLE,
    });
    const zoo = path.join(folder, 'zoo');
    for (const [target, link] of [
      ['../store/a.joblib', 'link.joblib'],
      ['../store', 'far'],
      ['../../store/a.joblib', 'linked/b.joblib'],
      ['../store/rows.csv', 'rows.csv'],
      ['../../store/rows.csv', 'beside/b.sample.csv'],
    ] as const) {
      await symlink(target, path.join(zoo, link));
    }
    const yaml = `schema: 1\nmodels:\n  - ${entry.replace('STORE', path.join(folder, 'store'))}\n`;
    await writeFile(path.join(zoo, 'zoo.yaml'), yaml);
    const refused: unknown = await readZoo(zoo, await manifests()).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'ZOO_INVALID' });
    const all = await readZoo(zoo, await manifests(), {}, { allowOutside: true }).catch(({ message }) => message);
    if (entry.includes('{..'))
      expect(refused).toMatchObject({ message: expect.stringMatching(/nothing matches|outside/) });
    else {
      expect(refused).toMatchObject({ message: expect.stringContaining("lies outside of the zoo's folder") });
      expect(all).toMatchObject({ models: expect.any(Array) });
    }
  });

  it('takes no factory from outside of its folder', async () => {
    const yaml = 'schema: 1\nmodels: [{path: press/line1.joblib, factory: "src.index:build"}]\n';
    await expect(zooOf(yaml, { ...MODELS, 'press/src/index.py': '' })).resolves.toMatchObject({
      root: expect.any(String),
    });
    const mistakes = await mistakesIn('schema: 1\nmodels: [{path: oven.txt, factory: "scripts.operators:build"}]\n');
    expect(mistakes).toEqual([expect.stringContaining("scripts/operators.py lies outside of the zoo's folder")]);
  });

  it('cannot allow it by itself', async () => {
    expect(
      await mistakesIn('schema: 1\nallow-outside: true\nmodels: [{path: oven.txt, allow-outside: true}]\n'),
    ).toEqual([
      expect.stringContaining('how far a zoo reaches is said on the command line'),
      expect.stringContaining('how far a zoo reaches is said on the command line'),
    ]);
  });

  it('may be written on Windows, with a mark of its encoding, and with anchors', async () => {
    const zoo = await zooOf(
      '\ufeffschema: 1\r\nmodels:\r\n  - &press {path: press/line1.joblib, rtol: 0.1}\r\n  - <<: *press\r\n    path: oven.txt\r\n',
    );
    expect(zoo.models.map(({ name, options }) => [name, options])).toEqual([
      ['press-line1', { rtol: 0.1 }],
      ['oven', { rtol: 0.1 }],
    ]);
  });
});

describe('mistakes', () => {
  it('are told all at once, each with its line', async () => {
    expect(
      await mistakesIn(`schema: 1
defaults:
  precison: auto
models:
  - path: press/lime1.joblib
    on-null: maybe
  - path: oven.txt
    top: 0
    image-size: 16
    trust: true
    registry: mssql://x
  - name: nameless
  - path: 'nowhere/*'
`),
    ).toEqual([
      'zoo.yaml:3: "precison" is no key here: did you mean precision?',
      'zoo.yaml:6: on-null takes error, nan or a number, not "maybe"',
      'zoo.yaml:8: top takes a whole number above 0, not 0',
      'zoo.yaml:9: image-size takes HEIGHTxWIDTH, like 16x16, not 16',
      'zoo.yaml:10: trust is not for a zoo.yaml: who may run code is said on the command line (--trust-lock trust.lock), a file that came with the models must not grant it',
      'zoo.yaml:11: registry is not for a zoo.yaml: the registry is named on the command line or by PREDICTABLE_REGISTRY, a file that came with the models must not choose who gets the password',
      'zoo.yaml:12: path is missing: a path, or a list of paths',
    ]);
  });

  it('about what is not there are told all at once, too', async () => {
    expect(
      await mistakesIn(`schema: 1
defaults: {sample: 'table:dbo.rows'}
models:
  - path: press/lime1.joblib
  - path:
      - oven.txt
      - 'nowhere/*'
    sample: none.csv
  - {path: rows.csv, converter: sklaern}
  - {path: press/line1.joblib, converter: sklearn, environment: tabluar}
  - {path: press, name: both}
  - {path: 'r*'}
  - {path: press/line2.joblib, name: ../../etc/passwd}
  - {path: press/line2.joblib, target: synapse, targets: [synapse]}
  - {path: '!oven.txt'}
`),
    ).toEqual([
      'zoo.yaml:2: sample takes the path of a file: a registry is not known to a zoo.yaml, so table:dbo.rows is not either',
      'zoo.yaml:4: there is no press/lime1.joblib: did you mean line1.joblib?',
      'zoo.yaml:7: nothing matches nowhere/*',
      'zoo.yaml:8: there is no sample none.csv',
      'zoo.yaml:9: there is no converter sklaern: did you mean sklearn?',
      'zoo.yaml:10: there is no environment tabluar: did you mean tabular?',
      'zoo.yaml:11: both names one model, but the path stands for 2',
      'zoo.yaml:12: r* matches 2 things, none of them a model',
      'zoo.yaml:13: "../../etc/passwd" cannot be the name of press/line2.joblib: it has a character that is in no name of a file',
      'zoo.yaml:14: give either target or targets',
      'zoo.yaml:15: it leaves out, and names nothing',
    ]);
  });

  it('in two entries for one model name both lines', async () => {
    const both = `schema: 1
models:
  - {path: 'press/*'}
  - path: press/line2.joblib
`;
    expect(await mistakesIn(both)).toEqual([
      'zoo.yaml:4: press/line2.joblib is a model of line 3 already: leave it out there (!press/line2.joblib), or give it another name or target',
    ]);
    expect((await zooOf(both.replace(/(line2.*)/, '$1\n    name: other'))).models).toHaveLength(3);
  });

  it('of names that differ only in case name both lines', async () => {
    const error = await errorOf(
      'schema: 1\nmodels:\n  - {path: oven.txt}\n  - {path: press/line1.joblib, name: OVEN}\n',
    );
    expect(error.code).toBe('NAME_COLLISION');
    expect(error.message).toMatch(
      /^oven.txt \(.*zoo.yaml:3\) and press\/line1.joblib \(.*zoo.yaml:4\) would both be named OVEN$/,
    );
  });

  it.each([
    ['nothing', '', ['zoo.yaml:1: it should hold schema: 1 and a list of models']],
    ['a list', '- a\n- b\n', ['zoo.yaml:1: it should hold schema: 1 and a list of models']],
    [
      'no models',
      'schema: 1\nmodels: []\n',
      ['zoo.yaml:2: models takes a list of models, each with its path, not an empty list'],
    ],
    [
      'paths alone',
      'schema: 1\nmodels:\n- a.joblib\n',
      ['zoo.yaml:3: an entry takes a path and options, like {path: press.joblib}, not "a.joblib"'],
    ],
    ['another version', 'schema: 2\nmodels: [{path: oven.txt}]\n', ['zoo.yaml:1: schema takes 1, not 2']],
    [
      'a key that occurs twice',
      'schema: 1\nmodels:\n- path: oven.txt\n  path: b\n',
      ['zoo.yaml:4: path stands in line 3 already'],
    ],
    [
      'a path with a NUL',
      'schema: 1\nmodels:\n- path: "oven\\0.txt"\n',
      ['zoo.yaml:3: "oven\\u0000.txt" holds a NUL character'],
    ],
    [
      'a tag',
      'schema: 1\nmodels: [{path: !!python/name:os.system x}]\n',
      ['zoo.yaml:2: Unresolved tag: tag:yaml.org,2002:python/name:os.system'],
    ],
    ['two documents', 'schema: 1\n---\nschema: 1\n', ['zoo.yaml:2: Source contains multiple documents']],
    [
      'an anchor that is not there',
      'schema: 1\nmodels: *none\n',
      ['zoo.yaml:1: it cannot be read as YAML: Unresolved alias (the anchor must be set before the alias): none'],
    ],
  ])('%s', async (_, yaml, mistakes) => {
    expect(await mistakesIn(yaml)).toEqual(mistakes);
  });

  it('beyond twenty are counted', async () => {
    const entries = Array.from({ length: 30 }, (_, at) => `  - {path: no${at}.joblib}`);
    const mistakes = await mistakesIn(['schema: 1', 'models:', ...entries].join('\n'));
    expect(mistakes).toHaveLength(21);
    expect(mistakes.at(-1)).toBe('and 10 more');
  });
});

describe('hostile text', () => {
  it.each([
    ['deeply nested', '['.repeat(50_000)],
    [
      'aliases of aliases',
      [
        'a: &a0 [x]',
        ...Array.from({ length: 60 }, (_, at) => `b${at}: &a${at + 1} [*a${at}, *a${at}, *a${at}]`),
        'schema: 1',
      ].join('\n'),
    ],
    [
      'merges of merges',
      [
        'schema: 1',
        'x0: &a0 {rtol: 1}',
        ...Array.from({ length: 60 }, (_, at) => `x${at + 1}: &a${at + 1} {<<: [*a${at}, *a${at}]}`),
      ].join('\n'),
    ],
    ['an alias of itself', 'schema: 1\nmodels: &m [*m]\n'],
    ['keys of objects', 'schema: 1\n__proto__: {path: x}\nconstructor: 1\nmodels: [{__proto__: {path: oven.txt}}]\n'],
    ['a key that is a map', '{a: 1}: 2\n? [x]\n: 3\n'],
  ])('%s', async (_, yaml) => {
    expect((await errorOf(yaml)).code).toBe('ZOO_INVALID');
  });

  it('of any kind is read, or refused with a PredictableError', () => {
    const piece = fc.constantFrom(
      ...[
        'schema: 1',
        'models:',
        '- ',
        'path: ',
        'oven.txt',
        '{',
        '}',
        '[',
        ']',
        '\n',
        '  ',
        '&a ',
        '*a',
        '<<: ',
        '!!x ',
        '|',
        '>',
        '?',
        ': ',
        '---',
        '"',
        "'",
        '\t',
        '#',
        '\ud800',
        '\0',
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (yaml) => {
        try {
          parseZooFile('zoo.yaml', yaml);
        } catch (error) {
          if (!(error instanceof PredictableError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });

  it('in any of its values is read, or refused with a PredictableError', async () => {
    const folder = await zooFolder(MODELS);
    const known = await manifests();
    const file = path.join(folder, 'zoo.yaml');
    // Not the whole disk.
    const somewhere = fc.string({ minLength: 1 }).map((text) => text.replaceAll(/[/.]/g, '_'));
    const entry = fc.record(
      {
        path: fc.oneof(somewhere, fc.constant('oven.txt')),
        name: fc.string(),
        sample: fc.string(),
        tags: fc.anything(),
        columns: fc.anything(),
      },
      { requiredKeys: ['path'] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 4 }), async (models) => {
        const content = JSON.stringify({ schema: 1, models }, (_, value) =>
          typeof value === 'bigint' ? `${value}` : value,
        );
        await writeFile(file, content);
        await readFileZoo(file, known, {}).catch((error: unknown) => {
          if (!(error instanceof PredictableError)) throw error;
        });
      }),
      { numRuns: 100 },
    );
  });
});

describe('many entries', () => {
  it.each([
    [10_000, ''],
    [1000, '<<: *all, '],
  ])('%i are read, each begun with "%s"', async (count, anchor) => {
    const names = Array.from({ length: count }, (_, at) => `m${at}`);
    const entries = names.map((name) => `  - {${anchor}path: oven.txt, name: ${name}}`);
    const zoo = await zooOf(['schema: 1', 'defaults: &all {rtol: 0.1}', 'models:', ...entries].join('\n'));
    expect(zoo.models.map(({ name }) => name)).toEqual(names);
    expect(zoo.models.every(({ options }) => options.rtol === 0.1)).toBe(true);
  });
});
