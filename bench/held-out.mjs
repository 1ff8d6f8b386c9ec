// Conversions against rows that they never saw: how many differ. Writes docs/held-out.md.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { HELD_OUT_TARGETS, heldOut } from './held-out/battery.mjs';
import { page } from './held-out/page.mjs';
import { bench, work } from './prepare.mjs';

export async function heldOutRows() {
  const results = await heldOut({ folder: path.join(work, 'held-out') });
  writeFileSync(path.join(bench, '..', 'docs', 'held-out.md'), page(results));
  return HELD_OUT_TARGETS.flatMap((target) => {
    const here = results.filter((result) => result.target === target);
    const of = (code) => here.filter(({ status }) => status === code);
    const converted = of('converted');
    const counted = (what, count) => ({
      name: `held-out: ${what}, ${target}`,
      ratio: count,
      goal: '0',
      met: count === 0,
    });
    const sum = (value) => converted.reduce((total, result) => total + (value(result) ?? 0), 0);
    const share = converted.length / here.length;
    return [
      { name: `held-out: pipelines that convert, ${target}`, ratio: share, goal: '≥ 0.92', met: share >= 0.92 },
      counted(
        'rows that differ',
        sum(({ rows }) => rows),
      ),
      counted(
        'labels that differ',
        sum(({ labels }) => labels),
      ),
      counted(
        'rows that are not taken',
        sum(({ lost }) => lost),
      ),
      counted('pipelines that could not be compared', converted.filter(({ failed }) => failed !== undefined).length),
      counted('pipelines refused as VERIFICATION_FAILED', of('VERIFICATION_FAILED').length),
    ];
  });
}
