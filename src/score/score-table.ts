/** Scores a table of the registry's own server: there, with PREDICT, or here. */

import { parseReference } from '../registry/reference.js';
import { mustHavePredict } from '../server/predict-probe.js';
import { readingProgress } from './cancel.js';
import { mustGoTogether, outputHere } from './goes-together.js';
import { score } from './score.js';
import { scoringModel } from './scoring-model.js';
import type { TableScoreOptions, TableScoreSummary } from './server/options.js';
import { scoreThere } from './server/predict.js';
import { neededColumns, openServerTable, readColumns, readServerTable, SCORED_HERE } from './server/table.js';
import { fileFormat } from './write/file.js';

/**
 * Errors: as score, USAGE for what does not go together, and NO_ONNX_PREDICT where the server has no PREDICT. Nothing is
 * scored in another place than was asked for.
 */
export async function scoreTable(options: TableScoreOptions): Promise<TableScoreSummary> {
  const { output } = options;
  mustGoTogether(options, options);
  if (output !== undefined && 'file' in output) fileFormat(output.file);
  return options.engine === 'local' ? scoreHere(options) : scoreByPredict(options);
}

async function scoreHere(options: TableScoreOptions): Promise<TableScoreSummary> {
  const { registry, map, output } = options;
  const { version, model } = await scoringModel(registry, options.name, options.requireSignature);
  const table = await openServerTable(registry.server, options.table);
  const { inputs, keys, leftOut } = neededColumns(table, version.signature, options, SCORED_HERE);
  const names = keys.map(({ name }) => name);
  const columns = readColumns(table, [...names, ...inputs.map(({ column }) => column.name)]);
  const summary = await score({
    ...model,
    data: (engine) => readServerTable(engine, table, columns, { onRows: readingProgress(options) }),
    map,
    keys: names,
    output: outputHere(output, null),
    timeout: options.timeout,
    memory: options.memory,
    onProgress: options.onProgress,
    signal: options.signal,
  });
  return { ...summary, version, engine: 'local', comparison: null, leftOut };
}

async function scoreByPredict(options: TableScoreOptions): Promise<TableScoreSummary> {
  const started = performance.now();
  const { registry, name, requireSignature } = options;
  const { version, model } =
    options.compare === true || requireSignature !== undefined
      ? await scoringModel(registry, name, requireSignature)
      : { version: await registry.resolve(parseReference(name)), model: null };
  await mustHavePredict(registry.server);
  const scored = await scoreThere(options, version, options.compare === true ? model : null);
  const seconds = (performance.now() - started) / 1000;
  return { ...scored, version, engine: 'predict', seconds, rowsPerSecond: scored.rows / seconds };
}
