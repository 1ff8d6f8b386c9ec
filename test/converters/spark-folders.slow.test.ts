import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convertAll } from '../../src/convert/convert-all.js';
import { Converters } from '../../src/convert/converters.js';
import { sharedFolder } from '../support/folder.js';

/** PipelineModel folders in which Spark would read something else than what was looked at. */
const FIXTURE = fileURLToPath(new URL('./fixtures/spark-tree', import.meta.url));
const STAGE = 'VectorAssembler_20ba5078b227';
const SQL = {
  class: 'org.apache.spark.ml.feature.SQLTransformer',
  uid: 'SQLTransformer_1',
  timestamp: 1,
  sparkVersion: '4.0.0',
  paramMap: { statement: "SELECT *, java_method('java.lang.System', 'load', '/nowhere.so') AS more FROM __THIS__" },
  defaultParamMap: {},
};
type Damage = (model: string) => Promise<void>;

let converters: Converters;
const folder = sharedFolder('spark-folders');

beforeAll(async () => {
  converters = await Converters.open({ jobs: 1 });
});
afterAll(async () => {
  await converters.close();
});

const stage = (model: string, name = `1_${STAGE}`) => path.join(model, 'stages', name);

async function partOf(inside: string, table = 'metadata'): Promise<string> {
  const names = await readdir(path.join(inside, table));
  return path.join(inside, table, names.find((name) => name.startsWith('part-')) ?? '');
}

async function hidden(model: string, name: string): Promise<void> {
  await mkdir(path.join(stage(model, name), 'metadata'), { recursive: true });
  await writeFile(path.join(stage(model, name), 'metadata', 'part-00000'), `${JSON.stringify(SQL)}\n`);
}

/** The assembler gets another uid; Spark, which reads its path as a pattern, would find `beside` instead. */
function renamed(uid: string, beside?: string): Damage {
  return async (model) => {
    const file = await partOf(model);
    await writeFile(file, (await readFile(file, 'utf8')).replace(`"${STAGE}"`, JSON.stringify(uid)));
    await rename(stage(model), stage(model, `1_${uid}`));
    if (beside !== undefined) await hidden(model, `1_${beside}`);
  };
}

const added =
  (place: string, text = 'x'): Damage =>
  async (model) => {
    await mkdir(path.dirname(path.join(model, place)), { recursive: true });
    await writeFile(path.join(model, place), text);
  };

const metadata =
  (change: (text: string) => string): Damage =>
  async (model) => {
    const file = await partOf(stage(model));
    await writeFile(file, change(await readFile(file, 'utf8')));
  };

const linked: Damage = async (model) => {
  const file = await partOf(stage(model));
  await rename(file, path.join(folder, 'elsewhere'));
  await symlink(path.join(folder, 'elsewhere'), file);
};

/** A further column, in the types that Spark takes from the end of a table: a field of Thrift, with its length before it. */
function column(field: object): Damage {
  return async (model) => {
    const [tree = ''] = (await readdir(path.join(model, 'stages'))).filter((name) => name.includes('Tree'));
    const file = await partOf(stage(model, tree), 'data');
    const table = await readFile(file);
    const begins = table.length - 8 - table.readUInt32LE(table.length - 8);
    const key = Buffer.from('row.metadata');
    const at = table.indexOf(key, begins) + key.length + 1;
    const [length, bytes] = number(table, at);
    const types = JSON.parse(table.toString('utf8', at + bytes, at + bytes + length));
    types.fields.push(field);
    const text = Buffer.from(JSON.stringify(types));
    const footer = Buffer.concat([
      table.subarray(begins, at),
      ofNumber(text.length),
      text,
      table.subarray(at + bytes + length, -8),
    ]);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(footer.length);
    await writeFile(file, Buffer.concat([table.subarray(0, begins), footer, size, Buffer.from('PAR1')]));
    await rm(path.join(path.dirname(file), `.${path.basename(file)}.crc`), { force: true });
  };
}

/** A number of Thrift's, seven bits a byte, and how many bytes it takes. */
function number(bytes: Buffer, at: number): [number, number] {
  let value = 0;
  for (let count = 0; ; count++) {
    const byte = bytes[at + count] ?? 0;
    value += (byte & 127) * 2 ** (7 * count);
    if (byte < 128) return [value, count + 1];
  }
}

function ofNumber(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left % 128) + 128);
  }
}

/** Spark would import the module to make its values. */
const typed = (more: object) => ({
  name: 'z',
  type: { type: 'udt', sqlType: 'integer', ...more },
  nullable: true,
  metadata: {},
});

const NOTHING = 'which is nothing that Spark ML writes there';
const DAMAGES: [string, Damage, string][] = [
  ['brackets', renamed('B[x]', 'Bx'), NOTHING],
  ['braces', renamed('B{x,y}', 'Bx'), NOTHING],
  ['star', renamed('B*', 'Bx'), NOTHING],
  ['question', renamed('B?', 'Bx'), NOTHING],
  ['backslash', renamed('B\\x', 'Bx'), NOTHING],
  ['percent', renamed('B%78', 'Bx'), NOTHING],
  ['space', renamed('B x'), NOTHING],
  ['scheme', added('stages/file:/metadata/part-00000', JSON.stringify(SQL)), NOTHING],
  [
    'unlisted',
    (model) => hidden(model, '3_SQLTransformer_1'),
    'its metadata know nothing of the stage 3_SQLTransformer_1',
  ],
  ['other-case', (model) => hidden(model, `1_${STAGE.toUpperCase()}`), NOTHING],
  ['packed', added(`stages/1_${STAGE}/metadata/part-00000.gz`), NOTHING],
  [
    'second',
    added(`stages/1_${STAGE}/metadata/part-00000`, JSON.stringify(SQL)),
    'has no metadata, or more than its own',
  ],
  ['text-data', added(`stages/1_${STAGE}/data/part-00000.txt`), NOTHING],
  ['best-model', added(`stages/1_${STAGE}/bestModel/metadata/part-00000`, JSON.stringify(SQL)), NOTHING],
  [
    'inner',
    added(`stages/1_${STAGE}/stages/0_x/metadata/part-00000`, JSON.stringify(SQL)),
    'has stages, and is no pipeline',
  ],
  ['loose', added('notes.txt'), NOTHING],
  ['python-type', column(typed({ pyClass: 'unittest.__main__.X', serializedClass: 'gASVAA==' })), 'none of Spark ML'],
  ['python-name', column(typed({ pyClass: 'antigravity.X' })), 'none of Spark ML'],
  ['java-type', column(typed({ class: 'javax.swing.JFrame' })), 'none of Spark ML'],
  ['linked', linked, 'has no metadata'],
  ['twice', metadata((text) => text.replace('{', `{"class":"${SQL.class}",`)), 'a name is there twice'],
  ['list', metadata((text) => text.replace(/"class":"[^"]*"/, '"class":["x"]')), "the class ['x']"],
  [
    'deep',
    metadata((text) => text.replace('{', `{"x":${'['.repeat(100_000)}${']'.repeat(100_000)},`)),
    'it is nested too deeply',
  ],
];

describe('a PipelineModel folder', () => {
  it.each(DAMAGES)(
    'that is not as Spark writes it is refused before Spark reads it: %s',
    async (name, damage, said) => {
      const model = path.join(folder, name);
      await cp(FIXTURE, model, { recursive: true });
      await damage(model);
      const [result] = await convertAll([model], converters, { out: path.join(folder, 'out') });
      expect(result?.error).toMatchObject({ code: 'CORRUPT_MODEL', message: expect.stringContaining(said) });
      expect(result?.error?.message.length).toBeLessThan(400);
    },
  );

  it('converts with what Spark, Databricks and macOS leave beside, and in a folder whose name is a pattern', async () => {
    const model = path.join(folder, 'tree[1]{a,b}');
    await cp(FIXTURE, model, { recursive: true });
    for (const place of [
      '.DS_Store',
      'metadata/_SUCCESS',
      'metadata/._SUCCESS.crc',
      'metadata/_committed_12',
      'metadata/_started_12',
    ])
      await writeFile(path.join(model, place), '');
    const [result] = await convertAll([model], converters, { out: path.join(folder, 'out') });
    expect(result?.error).toBeUndefined();
    expect(result?.verification).toMatchObject({ status: 'passed', reference: 'native' });
  });
});
