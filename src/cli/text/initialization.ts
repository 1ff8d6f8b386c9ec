/** What making a registry's objects does, in words, before and after; and the question before a command makes them on its way. */

import { createInterface } from 'node:readline/promises';
import { PredictableError } from '../../errors.js';
import type { Initialization, Registry } from '../../registry/registry.js';
import { type Output, plural } from '../output.js';
import { versionTable } from './versions.js';

export function planned(url: string, { changes }: Initialization): string[] {
  if (changes.length === 0) return [];
  return [`${url} gets:`, ...changes.map((change) => `  ${change}`)];
}

export function initialized(url: string, { changes, adopted, left }: Initialization, output: Output): string[] {
  const what = changes.length === 0 ? 'is up to date' : 'is ready';
  return [
    `${output.style('green', '✓')} the registry ${what}  (${url})`,
    ...(adopted.length === 0 ? [] : [`  taken over, without a verification: ${plural(adopted.length, 'model')}`]),
    ...(adopted.length === 0 ? [] : versionTable(adopted).map((line) => `  ${line}`)),
    ...left.map(({ id, reason }) => `  ${output.style('yellow', '!')} row ${id} stays as it is: ${reason}`),
  ];
}

/**
 * Makes the registry's objects when they are missing: after `--init`, or a yes on a terminal.
 * Throws REGISTRY_NOT_INITIALIZED when nobody agreed. A file needs no asking: the first model makes it.
 */
export async function readyToWrite(registry: Registry, agreed: boolean, output: Output): Promise<void> {
  if ((await registry.engine()) === 'embedded') return;
  const plan = await registry.plan();
  if (plan.changes.length === 0) return;
  for (const line of planned(registry.url, plan)) output.note(line);
  if (!agreed && !(await saysYes('create it? [y/N] '))) {
    throw new PredictableError('REGISTRY_NOT_INITIALIZED', `${registry.url} has no registry yet`, {
      hint: 'Run predictable init, or add --init; predictable init --script FILE writes the SQL for a DBA.',
      details: { changes: plan.changes },
    });
  }
  for (const line of initialized(registry.url, await registry.initialize(), output)) output.note(line);
}

async function saysYes(question: string): Promise<boolean> {
  if (!(process.stdin.isTTY && process.stderr.isTTY)) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}
