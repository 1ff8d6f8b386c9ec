// One converted pipeline against its original, on rows that the conversion never saw, in the runtimes of its target.

import { readFile } from 'node:fs/promises';
import { loadModel } from '../../dist/graph/codec/loaded-model.js';
import { withOpenBatch } from '../../dist/graph/open-batch.js';
import { encodeRows, feedsOf } from '../../dist/inference/feeds.js';
import { openSession } from '../../dist/inference/open.js';
import { checkedRuntimes } from '../../dist/inference/runtimes.js';
import { TARGETS } from '../../dist/targets/targets.js';

const ATOL = 1e-5;
const RTOL = 1e-4;
const KINDS = ['calls', 'sums', 'near'];
/** Rows that differ are asked again in every way, this many at a time. */
const ASKED_AGAIN = 100;

/**
 * `rows` differ, `labels` of them in a label; `undecided` by kind; `refused` are left out since the original takes none
 * of them; `lost` are rows that the original takes and the conversion's policies do not.
 */
export async function hold(pipeline, document, file, frame, originals) {
  const { inputs, outputs } = document;
  const types = Object.fromEntries(inputs.map(({ name, type, categories }) => [name, categories ? 'text' : type]));
  const expected = byName(await originals.answer(pipeline, types));
  const columns = outputsOf(outputs, expected);
  const encoded = encodeRows(frame, { inputs, outputs }, 'mark');
  const undecided = Object.fromEntries(KINDS.map((kind) => [kind, new Set(rowsWhere(expected[kind]))]));
  const taken = expected.taken;
  const skip = (row) =>
    taken[row] !== 1 || encoded.replaced[row] === 1 || KINDS.some((kind) => undecided[kind].has(row));
  const graph = withOpenBatch(loadModel(await readFile(file)));
  const { runtimes } = await checkedRuntimes(TARGETS[document.target]);
  const differences = new Map();
  for (const runtime of runtimes) {
    const got = await predicted(graph, encoded, runtime);
    for (let row = 0; row < frame.rows; row++) {
      if (skip(row)) continue;
      for (const { output, values } of columns) {
        const difference = differs(output, values[row], got[output.name].data[row], runtime);
        if (difference === null) continue;
        const before = differences.get(row);
        if (before === undefined || difference.size > before.size) differences.set(row, { row, ...difference });
      }
    }
  }
  await askAgain(pipeline, types, differences, undecided, originals);
  const found = [...differences.values()].sort((a, b) => b.size - a.size);
  return {
    rows: found.length,
    labels: found.filter(({ label }) => label).length,
    undecided: Object.fromEntries(KINDS.map((kind) => [kind, undecided[kind].size])),
    refused: count(taken, 0),
    lost: rowsWhere(encoded.replaced).filter((row) => taken[row] === 1).length,
    runtimes,
    worst: found.slice(0, 3).map((each) => ({ ...each, inputs: inputsOf(frame, inputs, each.row) })),
  };
}

async function predicted(graph, encoded, runtime) {
  const session = await openSession(graph, { runtime, origin: 'made', timeout: 120_000 });
  try {
    return await session.run(feedsOf(encoded));
  } finally {
    await session.close();
  }
}

/** Outputs in their order, of each role its first, second … column. */
function outputsOf(outputs, expected) {
  const seen = {};
  return outputs.map((output) => {
    const at = seen[output.role] ?? 0;
    seen[output.role] = at + 1;
    const values = expected[`${output.role} ${at}`];
    if (values === undefined) throw new Error(`the original has no ${output.role} ${at} for ${output.name}`);
    return { output, values };
  });
}

/** A label that differs is larger than any number. */
function differs({ name, role, labels }, expected, got, runtime) {
  if (role === 'label') {
    const shown = labels?.[Number(got)] ?? Number(got);
    const wanted = typeof expected === 'string' ? expected : Number(expected);
    return shown === wanted
      ? null
      : { column: name, expected: wanted, got: shown, runtime, size: Infinity, label: true };
  }
  const size = Math.abs(Number(got) - expected);
  if (size <= ATOL + RTOL * Math.abs(expected) || Object.is(got, expected) || got === expected) return null;
  return { column: name, expected, got: Number(got), runtime, size: Number.isNaN(size) ? 1e300 : size, label: false };
}

/** Moves those that the original does not decide; where of so many it decides all, it decides the others too. */
async function askAgain(pipeline, types, differences, undecided, originals) {
  const waiting = [...differences.keys()];
  for (let found = true; found && waiting.length > 0; ) {
    const rows = waiting.splice(0, ASKED_AGAIN);
    const again = byName(await originals.answer(pipeline, types, rows));
    found = false;
    for (const [at, row] of rows.entries()) {
      const kind = KINDS.find((each) => again[each][at] === 1);
      if (kind === undefined) continue;
      found = true;
      undecided[kind].add(row);
      differences.delete(row);
    }
  }
}

const byName = ({ columns }) => Object.fromEntries(columns.map(({ name, values }) => [name, values]));

const rowsWhere = (marks) => Array.from(marks.keys()).filter((row) => marks[row] === 1);

const count = (marks, value) => marks.reduce((sum, mark) => sum + (mark === value ? 1 : 0), 0);

function inputsOf(frame, inputs, row) {
  const named = new Set(inputs.map(({ name }) => name));
  const shown = (value) => (typeof value === 'bigint' ? Number(value) : value);
  return Object.fromEntries(
    frame.columns.filter(({ name }) => named.has(name)).map(({ name, values }) => [name, shown(values[row])]),
  );
}
