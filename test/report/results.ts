/** Results of a run as documents hold them, for what needs no conversion. */

import type { BatchDocument, ModelResult, Run } from '../../src/batch/results.js';
import { totalsOf } from '../../src/batch/totals.js';
import { passed } from '../registry/contract.js';

/** Names that would be markup, or would turn the text around them, if they were not taken for text. */
export const HOSTILE_NAMES = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</script><script>alert(2)</script>',
  '<!-- a comment',
  'a|b`c``d',
  '\u202egnp.exe\u202c',
  '{{script}}',
  "it's [a](javascript:alert(3)) @everyone #1",
  'x'.repeat(300),
  'line\nbreak\u2028separator',
];

export function converted(name: string, more: Partial<ModelResult> = {}): ModelResult {
  return {
    source: `models/${name}.joblib`,
    name,
    status: 'converted',
    output: `models/${name}.onnx`,
    bytes: 1779,
    sourceBytes: 2048,
    sha256: 'ab'.repeat(32),
    model: 'Pipeline(StandardScaler, LogisticRegression)',
    format: 'sklearn-joblib',
    converter: 'sklearn',
    target: 'sql-edge',
    opsets: { '': 17, 'ai.onnx.ml': 3 },
    ir: 8,
    precision: 'float',
    inputs: [
      { name: 'length', type: 'float', sqlType: 'real', nulls: 'error' },
      {
        name: 'city',
        type: 'int64',
        sqlType: 'bigint',
        nulls: 'error',
        categories: ['Lund', 'Malmö'],
        unknown: 'zeros',
      },
    ],
    outputs: [
      { name: 'label', type: 'int64', sqlType: 'bigint', role: 'label', labels: ['no', 'yes'] },
      { name: 'probability_yes', type: 'float', sqlType: 'real', role: 'probability' },
    ],
    verification: passed,
    warnings: [],
    timings: { convert: 19.1, normalize: 4.2, verify: 11 },
    tags: ['plant'],
    attempts: 1,
    elapsed: 35,
    ...more,
  };
}

export function failed(name: string, more: Partial<ModelResult> = {}): ModelResult {
  return {
    source: `models/${name}.pkl`,
    name,
    status: 'failed',
    converter: 'sklearn',
    target: 'sql-edge',
    warnings: [],
    error: {
      code: 'UNTRUSTED_ARTIFACT',
      message: `loading models/${name}.pkl would run code`,
      hint: 'predictable trust models/',
    },
    tags: [],
    attempts: 1,
    elapsed: 3,
    ...more,
  };
}

export function runOf(results: readonly ModelResult[], more: Partial<Run> = {}): Run {
  return {
    zoo: 'Plant',
    started: '2026-11-28T19:00:00.000Z',
    seconds: 372,
    finished: true,
    executor: 'local',
    jobs: 2,
    predictable: '0.1.0',
    totals: totalsOf(results.length, results),
    ...more,
  };
}

export function documentOf(results: ModelResult[], more: Partial<Run> = {}): BatchDocument {
  return { schema: 1, run: runOf(results, more), results };
}
