import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OBJECT_STATEMENT } from '../../src/deploy/apply.js';
import { signatureSchema } from '../../src/signature.js';
import { predictable } from '../cli/run.js';
import { columnFeeds, runGraph } from '../graph/run.js';
import { type ScriptedServer, startScripted } from '../registry/mssql/scripted/server.js';
import type { Model } from '../registry/mssql/scripted/state.js';
import { type ServedTable, serve } from '../score/served-table.js';
import { type Prepared, prepare } from '../support/prepared.js';
import type { TdsAnswer } from '../support/tds/answer.js';
import type { TdsRequest } from '../support/tds/request.js';
import { type Example, examples, fenced, isLine, page, section } from './sections.js';

/**
 * The section of the README on databases, command by command as it stands there, against a server that answers by
 * script. What it answers to PREDICT is what the runtime of SQL Edge 2.0 computes with the model that was registered.
 */
const text = section(page('README.md'), '## In a database');
const steps = examples(text);
const PASSWORD = 'hunter22-hunter22';
/** Where the README says that the server is. */
const place = /^export PREDICTABLE_REGISTRY=(\S+)$/.exec(steps.find(isExport)?.command ?? '')?.[1] ?? '';
/** The quickstart's own way to its model, which has no command of ours. */
const [statement = '', ...others] = fenced(text, 'sql').filter((block) => /FROM dbo\.models WHERE id/i.test(block));

let prepared: Prepared;
let server: ScriptedServer;
let registry: string;
/** Batches that made something, as they came. */
const made: string[] = [];

beforeAll(async () => {
  prepared = await prepare();
  const { folder, python } = prepared;
  const samples = path.join(folder, 'demo', 'models');
  await python('samples/train.py', samples, '--only', 'diabetes-quickstart', 'diabetes-boosting');
  const files = ['diabetes-quickstart', 'diabetes-boosting'].map((id) => path.join(samples, `${id}.joblib`));
  expect((await predictable(['trust', ...files, '-o', path.join(folder, 'demo', 'trust.lock')])).exitCode).toBe(0);
  server = await startScripted({ further: (request) => answer(request, path.join(samples, SAMPLE)) });
  registry = place.replace(/@[^/]+/, `@127.0.0.1:${server.tds.port}`);
});
afterAll(async () => {
  await server.close();
  await prepared.close();
});

const SAMPLE = 'diabetes-quickstart.sample.csv';

test('the section has the steps of the quickstart, in order', () => {
  expect(place).toMatch(/^mssql:\/\/\w+@[\w.]+\/\w+$/);
  expect(
    steps.filter((step) => !isExport(step)).map(({ command }) => command.split(' ').slice(0, 3).join(' ')),
  ).toEqual([
    'npx predictable convert',
    'npx predictable init',
    'npx predictable register',
    'npx predictable sql',
    'npx predictable score',
    'npx predictable sql',
    'npx predictable convert',
    'npx predictable register',
    'npx predictable diff',
    'npx predictable promote',
    'npx predictable rollback',
  ]);
  expect(statement).toContain('SELECT data FROM dbo.models WHERE id = 1');
  expect(others).toEqual([]);
});

test.each(steps.filter((step) => !isExport(step)))('$command', async ({ command, output }) => {
  const [, program, ...args] = command.split(' ');
  expect(program).toBe('predictable');
  const ran = await predictable(args, {
    cwd: prepared.folder,
    env: { PREDICTABLE_REGISTRY: `${registry}?encrypt=false`, PREDICTABLE_PASSWORD: PASSWORD },
  });
  expect(ran.exitCode, ran.stderr).toBe(0);
  expect(ran.stdout + ran.stderr).not.toContain(PASSWORD);
  const printed = ran.stdout.replaceAll(`${registry}?encrypt=false`, place).trimEnd().split('\n');
  for (const line of output)
    expect(
      printed.some((each) => isLine(each, line)),
      `${line}\n≠\n${printed.join('\n')}`,
    ).toBe(true);
});

test('the script that is shown is the one that was written', () => {
  const written = readFileSync(path.join(prepared.folder, 'score.sql'), 'utf8').split('\n');
  const shown = fenced(text, 'sql').filter((block) => block.includes('FROM PREDICT'));
  expect(shown).toHaveLength(1);
  const lines = shown.flatMap((block) => block.trimEnd().split('\n'));
  expect(lines.filter((line) => !written.some((each) => isLine(each, line)))).toEqual([]);
});

test('the procedure was made once, and follows the alias through promotion and rollback', () => {
  const alters = made.filter((batch) => batch.startsWith('ALTER PROCEDURE'));
  expect(alters).toHaveLength(1);
  expect(alters[0]).toContain("N'production|'");
  expect(alters[0]).not.toMatch(/\[version\] = \d/);
  const { aliases, events } = server.state();
  expect(aliases).toEqual([{ name: 'diabetes', alias: 'production', version: 1 }]);
  expect(events.map(({ action, version }) => [action, version])).toEqual([
    ['register', 1],
    ['promote', 2],
    ['rollback', 1],
  ]);
});

test('the quickstart finds its model where it put it', () => {
  const [first] = server.state().models;
  expect(first).toMatchObject({ id: 1, name: 'diabetes', version: 1 });
  expect(first?.data).toEqual(readFileSync(path.join(prepared.folder, 'out', 'diabetes.onnx')));
});

function isExport({ command }: Example): boolean {
  return command.startsWith('export ');
}

async function answer(request: TdsRequest, sample: string): Promise<TdsAnswer | null> {
  const { text } = request;
  if (text === OBJECT_STATEMENT) return NO_OBJECT;
  if (/\b(CREATE|ALTER) PROCEDURE\b|^IF DATABASE_PRINCIPAL_ID/m.test(text)) {
    made.push(text);
    return { rowsAffected: [0] };
  }
  return serve(await features(text, sample))(request);
}

const NO_OBJECT: TdsAnswer = {
  sets: [
    {
      columns: [
        { name: 'id', type: 'int' },
        { name: 'definition', type: 'nvarchar(max)' },
      ],
      rows: [[null, null]],
    },
  ],
};

/** `dbo.features` has the rows of the sample, and the predictions of the version that a script names for them. */
async function features(script: string, sample: string): Promise<ServedTable> {
  const [header = '', ...lines] = readFileSync(sample, 'utf8').trimEnd().split('\n');
  const names = header.split(',');
  const rows = lines.map((line, index) => [index + 1, ...line.split(',').map(Number)]);
  const table: ServedTable = {
    columns: Object.fromEntries([['id', 'int'], ...names.map((name) => [name, 'float'])]),
    rows,
    primaryKey: ['id'],
  };
  const version = /with diabetes, version (\d+)\./.exec(script)?.[1];
  const model = server.state().models.find((each) => each.version === Number(version));
  return model === undefined ? table : { ...table, predictions: await predictions(model, names, rows) };
}

async function predictions({ data, signature: json }: Model, names: string[], rows: number[][]) {
  const signature = signatureSchema.parse(JSON.parse(json ?? ''));
  const columns = Object.fromEntries(names.map((name, at) => [name, rows.map((row) => row[at + 1] ?? null)]));
  const results = await runGraph(data ?? Buffer.alloc(0), columnFeeds(signature, columns), '1.12.1');
  const outputs = signature.outputs.map(({ name }) => results[name]?.values ?? []);
  return { signature, rows: rows.map((_, row) => outputs.map((values) => Number(values[row]))) };
}
