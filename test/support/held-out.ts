/** Rows that no conversion saw, held to what the original predicts for them. */

import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { Converters } from '../../src/convert/converters.js';
import type { Conversion } from '../../src/convert/document.js';
import { loadModel } from '../../src/graph/codec/loaded-model.js';
import { signatureOf } from '../../src/graph/metadata.js';
import { withOpenBatch } from '../../src/graph/open-batch.js';
import { encodeRows } from '../../src/inference/feeds.js';
import { readTable } from '../../src/rows/read-table.js';
import type { Verification } from '../../src/verify/verification.js';
import { verify } from '../../src/verify/verify.js';

/** In every runtime of the target; no row may be refused, or be left out by a policy. */
export async function heldOut(
  { name, output, target }: Conversion,
  files: { rows: string; expected: string },
  converters: Converters,
): Promise<Verification> {
  const loaded = loadModel(await readFile(output ?? ''));
  const signature = signatureOf(loaded.model);
  if (signature === null) throw new Error(`${name} has no signature`);
  const [rows, expected] = await Promise.all([readTable(files.rows), readTable(files.expected)]);
  expect(encodeRows(rows, signature).replaced, `rows of ${name} that a policy decides`).not.toContain(1);
  const { runtimes } = await converters.runtimes(target);
  const { verification } = await verify({
    bytes: withOpenBatch(loaded),
    signature,
    rows,
    rowsSource: 'sample',
    reference: 'file',
    expected,
    expectedUnrounded: null,
    runtimes,
    origin: 'made',
  });
  return verification;
}
