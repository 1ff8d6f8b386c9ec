import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/paths.js';
import { TARGET_IDS, TARGETS, type TargetId, type TargetProfile } from '../../src/targets/targets.js';
import { markdownTable } from '../generated-page.js';
import { expectBlock } from './generated-block.js';

/** The pages of the targets, with figures from the profiles that the program itself goes by. */

test('the table of targets says what their profiles say', async () => {
  const headings = [
    'target',
    'engine',
    'PREDICT',
    'opset / ml / IR',
    'largest model',
    'inputs',
    'row',
    'verified in',
    'registry takes',
  ];
  const rows = TARGET_IDS.map((id) => {
    const target = TARGETS[id];
    return [
      `[\`${id}\`](${id}.md)`,
      target.title,
      target.predict ? 'yes' : 'no',
      profile(target),
      bytes(target),
      number(target.maxInputs),
      rowBytes(target),
      target.runtimes.join(', '),
      accepts(target),
    ];
  });
  await expectBlock('targets/README.md', 'targets', markdownTable(headings, rows));
});

describe.each(TARGET_IDS)('the page of %s', (id) => {
  test('is there, and says what the profile says', async () => {
    expect(existsSync(path.join(packageRoot, 'docs', 'targets', `${id}.md`))).toBe(true);
    const target = TARGETS[id];
    await expectBlock(
      `targets/${id}.md`,
      'profile',
      markdownTable(
        ['what', 'limit'],
        [
          ['opset of `ai.onnx` / `ai.onnx.ml`, IR', `up to ${profile(target)}`],
          ['model', `${bytes(target)} (MODEL_TOO_LARGE)`],
          ['input columns', `${number(target.maxInputs)} (TOO_MANY_COLUMNS)`],
          ['output columns', `${number(target.maxOutputs)} (TOO_MANY_COLUMNS)`],
          ['row of the data', rowBytes(target)],
          ['verified in ONNX Runtime', target.runtimes.join(' and ')],
          ['its registry takes models for', accepts(target)],
        ],
      ),
    );
  });
});

test('what a registry takes is no secret of the table: everything its engine loads, and itself', () => {
  for (const { id, accepts: taken, predict, opsets, ir } of Object.values(TARGETS)) {
    expect(taken).toContain(id);
    for (const other of predict ? taken : []) {
      expect(TARGETS[other].opsets['']).toBeLessThanOrEqual(opsets['']);
      expect(TARGETS[other].ir).toBeLessThanOrEqual(ir);
    }
  }
});

function profile({ opsets, ir }: TargetProfile): string {
  return `${opsets['']} / ${opsets['ai.onnx.ml']} / ${ir}`;
}

function bytes({ maxBytes }: TargetProfile): string {
  return `${number(maxBytes)} bytes`;
}

function rowBytes({ maxRowBytes }: TargetProfile): string {
  return Number.isFinite(maxRowBytes) ? `${number(maxRowBytes)} bytes` : 'no limit';
}

function accepts({ accepts: taken }: TargetProfile): string {
  return taken.length === TARGET_IDS.length ? 'all' : taken.map((id: TargetId) => `\`${id}\``).join(', ');
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
