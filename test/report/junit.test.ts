import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { junitXml } from '../../src/report/junit.js';
import { type Element, parseXml } from './parse-xml.js';
import { failed, run } from './runs.js';

const verification = {
  status: 'failed' as const,
  rows: 150,
  rowsSource: 'sample' as const,
  reference: 'native' as const,
  runtimes: ['1.30.0', '1.12.1'],
  runtimesNotChecked: [],
  maxAbsDiff: 0.25,
  maxRelDiff: 0.5,
  labelMismatches: 1,
  rtol: 1e-4,
  atol: 1e-5,
  rounding: { rowsChanged: 0, maxAbsDiff: 0 },
  worst: [
    {
      row: 17,
      column: 'probability_ok',
      runtime: '1.12.1',
      expected: 0.5,
      got: 0.25,
      inputs: Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x${index}`, index])),
    },
  ],
};

const document = run(
  [
    { name: 'oven', elapsed: 2500, warnings: [{ code: 'ROUNDED', message: '2 rows lie near a threshold' }] },
    { ...failed('weld'), converter: 'lightgbm', verification },
    { name: 'press', status: 'cached', elapsed: 60_000, attempts: 0 },
    { name: 'saw', status: 'skipped', elapsed: 0, attempts: 0 },
    {
      name: 'notes',
      source: 'notes.bin',
      status: 'failed',
      converter: undefined,
      error: { code: 'UNKNOWN_FORMAT', message: 'no converter knows notes.bin' },
    },
  ],
  'the plant',
);

describe('junit.xml', () => {
  test('has a suite a converter, and counts what became of the models', async () => {
    const root = await parseXml(junitXml(document));
    expect(root).toMatchObject({ tag: 'testsuites', attributes: { name: 'the plant', tests: '5', failures: '2' } });
    expect(root.children.map(({ attributes }) => attributes)).toEqual([
      suite({ name: 'sklearn', time: '2.5', tests: '3', skipped: '1' }),
      suite({ name: 'lightgbm', time: '1.234', tests: '1', failures: '1' }),
      suite({ name: 'no converter', time: '1.234', tests: '1', failures: '1' }),
    ]);
  });

  test('has a case a model, named alike in every run', async () => {
    const cases = (await parseXml(junitXml(document))).children.flatMap(({ children }) => children);
    expect(cases.map(({ attributes }) => attributes)).toEqual([
      { classname: 'predictable.sklearn', name: 'oven', time: '2.5' },
      { classname: 'predictable.sklearn', name: 'press', time: '0' },
      { classname: 'predictable.sklearn', name: 'saw', time: '0' },
      { classname: 'predictable.lightgbm', name: 'weld', time: '1.234' },
      { classname: 'predictable.no converter', name: 'notes', time: '1.234' },
    ]);
    expect(cases.map(({ children }) => children.map(({ tag }) => tag))).toEqual([
      ['system-out'],
      ['system-out'],
      ['skipped'],
      ['failure'],
      ['failure'],
    ]);
    expect(cases.slice(0, 2).map(({ children }) => children[0]?.text)).toEqual([
      'ROUNDED: 2 rows lie near a threshold',
      'unchanged: an earlier run converted it in 60 s',
    ]);
  });

  test('says in a failure what happened, what to do, and which rows differ most', async () => {
    const { attributes, text } = failureOf(await parseXml(junitXml(document)), 'weld');
    expect(attributes).toEqual({ message: 'weld does not agree', type: 'VERIFICATION_FAILED' });
    const lines = text.split('\n');
    expect(lines.slice(0, 5)).toEqual([
      'VERIFICATION_FAILED: weld does not agree',
      'Look at the worst rows.',
      '',
      'model   weld.joblib (sklearn-joblib)',
      'target  sql-edge',
    ]);
    expect(lines.slice(7)).toEqual([
      'row 17, probability_ok in ONNX Runtime 1.12.1: expected 0.5, got 0.25',
      expect.stringMatching(/^ {2}x0=0, x1=1, .* x19=19, and 10 more columns$/),
    ]);
  });

  test('has only elements and attributes that Jenkins, GitLab and Azure DevOps know', async () => {
    const strangers = (element: Element): string[] => [
      ...Object.keys(element.attributes)
        .filter((name) => !KNOWN[element.tag]?.includes(name))
        .map((name) => `${element.tag} ${name}`),
      ...element.children.flatMap(strangers),
    ];
    expect(strangers(await parseXml(junitXml(document)))).toEqual([]);
    const odd = run([{ name: 'saw', status: 'skipped' }], 'a > b " skipped="1"');
    expect(strangers(await parseXml(junitXml(odd)))).toEqual([]);
  });

  test('is XML whatever names and messages hold, and keeps what XML can', async () => {
    const nasty = '\u0000\u001b[31m\u0007 ]]> ]]> <![CDATA[ & "\' <script>\r\n\t\u0085\u007f\ud800 \uffff \u{1f600} å';
    const root = await parseXml(junitXml(run([failed(nasty, nasty)], nasty)));
    const kept = (lineBreak: string) =>
      `\\u0000\\u001b[31m\\u0007 ]]> ]]> <![CDATA[ & "' <script>${lineBreak}\t\\u0085\\u007f\\ud800 � \u{1f600} å`;
    const name = kept('\\u000d\\u000a');
    expect(root.attributes.name).toBe(name);
    expect(root.children[0]?.children[0]?.attributes.name).toBe(name);
    expect(failureOf(root, name).text).toContain(kept('\n').replaceAll(']]>', ']] >'));
  });

  test('is XML for any text', async () => {
    const text = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) });
    const models = fc.sample(fc.record({ name: text, message: text }), 300);
    const root = await parseXml(
      junitXml(run(models.map(({ name, message }, index) => failed(`${index} ${name}`, message)))),
    );
    expect(root.children[0]?.children.map(({ attributes }) => attributes.name?.split(' ')[0])).toEqual(
      models.map((_, index) => String(index)),
    );
  });
});

/** Of Jenkins' schema for its reports, which is the strictest. */
const KNOWN: Record<string, string[]> = {
  testsuites: ['name', 'time', 'tests', 'failures', 'errors', 'disabled'],
  testsuite: ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp'],
  testcase: ['name', 'classname', 'time'],
  failure: ['message', 'type'],
  skipped: [],
  'system-out': [],
};

function suite(attributes: Record<string, string>): Record<string, string> {
  return { timestamp: '2026-11-28T06:00:00.000Z', failures: '0', errors: '0', skipped: '0', ...attributes };
}

function failureOf(root: Element, name: string): Element {
  const cases = root.children.flatMap(({ children }) => children);
  const found = cases.find(({ attributes }) => attributes.name === name)?.children.find(({ tag }) => tag === 'failure');
  if (found === undefined) throw new Error(`${name} has no failure`);
  return found;
}
