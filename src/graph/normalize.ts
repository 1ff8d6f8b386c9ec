/** Any tabular ONNX model to the columnar contract: one input and one output per column. */

import { PredictableError } from '../errors.js';
import { type Signature, SQL_TYPES } from '../signature.js';
import { encodeModel } from './codec/codec.js';
import { loadModel } from './codec/loaded-model.js';
import type { Model } from './codec/model.js';
import { checkContract } from './contract.js';
import { controlFlow } from './control-flow.js';
import type { Draft, OutputPlan } from './draft.js';
import { GraphIndex } from './graph-index.js';
import { ORIGINAL_NAMES_KEY, signatureOf, TOP_KEY, topOf, writeMetadata } from './metadata.js';
import type { Normalized, NormalizeOptions, PassReport } from './normalize-options.js';
import { observer } from './observe.js';
import { guessRole } from './passes/outputs/role.js';
import type { Pass } from './passes/pass.js';
import { PASSES } from './passes/passes.js';
import { bytesWithHalves } from './passes/weights/half-weights.js';
import { sketch } from './sketch.js';
import { allNames, producers } from './walk.js';

/**
 * Throws CORRUPT_MODEL and UNSUPPORTED_MODEL for files that cannot be read whole; MISSING_COLUMNS, COLUMN_MISMATCH and
 * NAME_COLLISION when the columns' names are not known; UNSUPPORTED_TYPE, UNSUPPORTED_OPERATOR, OPSET_TOO_NEW,
 * TOO_MANY_COLUMNS and MODEL_TOO_LARGE for what the target does not load; USAGE for an unknown output.
 */
export async function normalize(bytes: Uint8Array, options: NormalizeOptions): Promise<Normalized> {
  const { model } = loadModel(bytes);
  const before = options.sketch === true ? sketch(model) : undefined;
  const draft = makeDraft(model, options);
  const passes: PassReport[] = [];
  for (const pass of PASSES) passes.push(await run(pass, draft));
  noteControlFlow(draft);
  const signature: Signature = {
    inputs: draft.columns.map(({ name, type, nulls, category }) => ({
      name,
      type,
      sqlType: SQL_TYPES[type],
      nulls,
      ...(category?.categories ? { categories: category.categories } : {}),
      ...(category?.unknown ? { unknown: category.unknown } : {}),
    })),
    outputs: draft.results.map(({ column }) => column),
  };
  writeMetadata(model, signature, { ...keptMetadata(draft), ...options.metadata });
  const normalized = encodeModel(model);
  checkContract(model, options.target, normalized.length, {
    pictures: draft.pictures,
    ...(options.weights === 'float16'
      ? {}
      : { float16Bytes: bytesWithHalves(model.graph.initializers, normalized.length) }),
  });
  return {
    bytes: normalized,
    signature,
    top: topOf(model),
    opsets: Object.fromEntries(model.opsets.map(({ domain, version }) => [domain, version])),
    ir: model.ir,
    passes,
    warnings: draft.warnings,
    ...(before === undefined ? {} : { sketches: { before, after: sketch(model) } }),
  };
}

async function run(pass: Pass, draft: Draft): Promise<PassReport> {
  const idle = pass.requires?.(draft) ?? null;
  if (idle !== null) return { pass: pass.name, modified: false, reason: idle };
  const before = draft.index.version;
  const { modified, reason } = await pass.apply(draft);
  pass.ensures?.(draft);
  if (modified || draft.index.version !== before) draft.facts = null;
  return { pass: pass.name, modified, reason };
}

function makeDraft(model: Model, options: NormalizeOptions): Draft {
  const previous = options.facts ? null : signatureOf(model);
  const draft: Draft = {
    model,
    index: new GraphIndex(model.graph),
    facts: null,
    options,
    previous,
    columns: [],
    outputs: plannedOutputs(model, options, previous),
    joins: [],
    transposed: new Map(),
    results: [],
    observe: null,
    warnings: [],
    pictures: [],
    top: null,
    originalNames: new Map(),
    names: allNames(model.graph),
    counters: new Map(),
  };
  draft.observe = observer(draft);
  return draft;
}

function plannedOutputs(model: Model, options: NormalizeOptions, previous: Signature | null): OutputPlan[] {
  const { outputs } = model.graph;
  if (options.facts) {
    const raw = new Set(outputs.map(({ name }) => name));
    return options.facts.outputs.map(({ tensor, names, role, labels, source }) => {
      if (!raw.has(tensor)) {
        throw new PredictableError(
          'CONVERTER_FAILED',
          `the converter names an output "${tensor}" that its graph does not have`,
          {
            hint: `The graph's outputs are: ${outputs.map(({ name }) => name).join(', ')}.`,
          },
        );
      }
      return { rawOutput: tensor, frameworkName: source ?? null, tensor, names, role, labels: labels ?? null };
    });
  }
  const makers = producers(model.graph);
  const described = new Map(previous?.outputs.map((column) => [column.name, column]));
  return outputs.map((output) => {
    const known = described.get(output.name);
    return {
      rawOutput: output.name,
      frameworkName: known ? null : output.name,
      tensor: output.name,
      names: known ? [known.name] : null,
      role: known?.role ?? guessRole(makers, output),
      labels: known?.labels ?? null,
    };
  });
}

/** What the signature does not hold; of a model that was normalised before, what it already carries. */
function keptMetadata({ originalNames, top, previous, model }: Draft): Record<string, string> {
  const entries = [ORIGINAL_NAMES_KEY, TOP_KEY].map((key) => [key, previous ? model.metadata.get(key) : undefined]);
  const kept = Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as Record<string, string>;
  if (previous) return kept;
  if (originalNames.size > 0) kept[ORIGINAL_NAMES_KEY] = JSON.stringify(Object.fromEntries(originalNames));
  if (top !== null) kept[TOP_KEY] = JSON.stringify(top);
  return kept;
}

function noteControlFlow(draft: Draft): void {
  const loops = controlFlow(draft.model.graph);
  if (loops.length === 0) return;
  draft.warnings.push({
    code: 'CONTROL_FLOW',
    message: `The model holds control flow (${loops.join(', ')}): how long a run takes is up to its data.`,
  });
}
