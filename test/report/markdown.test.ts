import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeMarkdown, markdownReport, plainMarkdown } from '../../src/report/markdown.js';
import { converted, documentOf, failed, HOSTILE_NAMES } from './results.js';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_NAMES));

describe('report.md', () => {
  it('says totals, what failed with what to do, and the models, failed ones first', () => {
    const report = markdownReport(documentOf([converted('a1'), failed('b2'), failed('b3')]));
    expect(report).toContain('**3 models: 1 converted, 0 cached, 2 failed**, in 6 min 12 s');
    expect(report).toContain('| `UNTRUSTED_ARTIFACT` | 2 | `b2`, `b3` | predictable trust models/ |');
    expect(report.indexOf('| ✗ | `b2`')).toBeLessThan(report.indexOf('| ✓ | `a1`'));
    expect(report).toContain('| ✓ | `a1` | sklearn | 2 → 2 | 150 | 3.1e-7 | 0 | 35 ms |');
  });

  it('says that a run is not finished', () => {
    expect(markdownReport(documentOf([converted('a')], { finished: false }))).toContain('not finished');
  });

  it('stays within what GitHub takes of a comment, and says what it leaves out', () => {
    const results = Array.from({ length: 3000 }, (_, index) => converted(`model-${index}`));
    const report = markdownReport(documentOf(results));
    expect(report.length).toBeLessThan(65_536);
    const shown = report.match(/^\| ✓ \|/gm)?.length ?? 0;
    expect(shown).toBeGreaterThan(500);
    expect(report).toContain(`${(3000 - shown).toLocaleString('en-US')} further models in \`report.html\``);
  });

  it('keeps every row of its tables whole, whatever models, tags and messages are called', () => {
    const results = HOSTILE_NAMES.flatMap((name) => [
      converted(name, { converter: name }),
      failed(`failed ${name}`, { error: { code: 'INTERNAL', message: name, hint: name } }),
    ]);
    const report = markdownReport(documentOf(results, { zoo: HOSTILE_NAMES.join(' ') }));
    const rows = report.split('\n').filter((line) => line.startsWith('|'));
    expect(rows).toHaveLength(2 + 1 + 2 + results.length);
    const widths = rows.map((row) => row.split(/(?<!\\)\|/).length);
    expect(new Set(widths.slice(0, 3))).toEqual(new Set([6]));
    expect(new Set(widths.slice(3))).toEqual(new Set([10]));
    expect(report).not.toContain('\u202e');
  });
});

describe('codeMarkdown', () => {
  it('fences any text so that only its own fence ends it', () => {
    fc.assert(
      fc.property(text, (value) => {
        const written = codeMarkdown(value);
        const [fence = ''] = /^`+/.exec(written) ?? [];
        expect(written.endsWith(fence)).toBe(true);
        const inside = written.slice(fence.length, -fence.length);
        expect(inside.match(/`+/g) ?? []).not.toContain(fence);
        expect(inside).not.toMatch(/[\r\n]|(?<!\\)\|/);
        expect(inside).not.toMatch(/^`|`$/);
      }),
    );
  });
});

describe('plainMarkdown', () => {
  it('escapes what would be markup, and mentions nobody', () => {
    expect(plainMarkdown('*a* <b> [c](d) `e` | f')).toBe('\\*a\\* \\<b\\> \\[c\\]\\(d\\) \\`e\\` \\| f');
    expect(plainMarkdown('@team and iris@production')).toBe('@\u200bteam and iris@production');
    fc.assert(
      fc.property(text, (value) => {
        const written = plainMarkdown(value);
        expect(written).not.toMatch(/[\r\n]/);
        expect(written.replaceAll(/\\[\p{P}\p{S}]/gu, '')).not.toMatch(/[<>|`*[\]]/);
      }),
    );
  });
});
