/** A run's models as the page holds them: a row each, and their details in compressed blocks. */

import type { ModelResult } from '../batch/results.js';
import type { RunFolder } from '../batch/run-folder.js';
import { type PackedBlock, packDetails } from './html.js';
import type { ModelDetail, ModelRow } from './page/data.js';
import { modelDetail, modelRow } from './page-data.js';
import { readEvidence } from './read-evidence.js';

/** Characters of JSON in a block: about what opening one model unpacks. */
const BLOCK = 128 * 1024;

/** Blocks that are compressed at a time, beside the reading of the next. */
const PACKED_AT_ONCE = 4;

/** One model after the other, so that a run's evidence is never in memory as a whole. */
export async function collectModels(
  folder: RunFolder,
  results: readonly ModelResult[],
): Promise<{ rows: ModelRow[]; blocks: PackedBlock[] }> {
  const rows: ModelRow[] = [];
  const blocks: Promise<PackedBlock>[] = [];
  let gathered: ModelDetail[] = [];
  let length = 0;
  const close = async () => {
    if (gathered.length > 0) blocks.push(packDetails(gathered));
    await blocks.at(-PACKED_AT_ONCE);
    gathered = [];
    length = 0;
  };
  for (const result of results) {
    const detail = modelDetail(result, await readEvidence(folder, result.name));
    const size = JSON.stringify(detail).length;
    if (length + size > BLOCK) await close();
    gathered.push(detail);
    length += size;
    rows.push({ ...modelRow(result), block: blocks.length });
  }
  await close();
  return { rows, blocks: await Promise.all(blocks) };
}
