import { describe, expect, it } from 'vitest';
import { factsRule } from '../../../src/graph/facts/infer.js';
import { operatorOf } from '../../../src/graph/operators/classes.js';
import versions from '../../../src/graph/operators/operators.json' with { type: 'json' };
import { TABLE } from '../../../src/graph/operators/table.js';
import { rowRule } from '../../../src/graph/passes/batch/row-rules.js';
import { TARGET_IDS, TARGETS } from '../../../src/targets/targets.js';

const VERSIONS: Record<string, Record<string, number[]>> = versions;

/** Every operator that a graph for one of our targets may hold. */
const OPERATORS = (['', 'ai.onnx.ml'] as const).flatMap((domain) => {
  const newest = Math.max(...TARGET_IDS.map((id) => TARGETS[id].opsets[domain]));
  return Object.entries(VERSIONS[domain] ?? {}).flatMap(([op, since]) =>
    Math.min(...since) <= newest ? [{ domain, op }] : [],
  );
});

const without = (rule: (operator: { domain: string; op: string }) => unknown): string =>
  OPERATORS.filter((operator) => rule(operator) === undefined)
    .map(({ op }) => op)
    .join(' ');

// An operator that appears in one of these lists is new, or was forgotten in a rule; one that leaves has become known.
describe('operators', () => {
  it('of which nothing is known but their versions', () => {
    expect(without(operatorOf)).toBe(
      'BitShift BlackmanWindow CastLike ConcatFromSequence ConvInteger DFT DequantizeLinear Det DynamicQuantizeLinear EyeLike GridSample HammingWindow HannWindow MatMulInteger MaxRoiPool MaxUnpool MelWeightMatrix NegativeLogLikelihoodLoss NonMaxSuppression Optional OptionalGetElement OptionalHasElement QLinearConv QLinearMatMul QuantizeLinear Range ReverseSequence RoiAlign STFT Scatter ScatterElements SequenceAt SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap SoftmaxCrossEntropyLoss SplitToSequence TfIdfVectorizer Unique CastMap CategoryMapper DictVectorizer FeatureVectorizer',
    );
  });

  it('whose results have no rule for shapes', () => {
    expect(without((operator) => (operatorOf(operator) ? factsRule(operator) : null))).toBe(
      'Bernoulli Compress Constant ConvTranspose GatherND If Loop Multinomial NonZero OneHot RandomNormal RandomNormalLike RandomUniform RandomUniformLike Scan ScatterND SequenceConstruct ZipMap',
    );
  });

  it('that have no rule for rows of a fixed number', () => {
    expect(without((operator) => (operatorOf(operator) ? rowRule(operator) : null))).toBe(
      'Bernoulli Compress Constant GatherND If Loop MeanVarianceNormalization Multinomial NonZero OneHot RandomNormal RandomNormalLike RandomUniform RandomUniformLike Scan ScatterND SequenceConstruct Shape Size StringNormalizer',
    );
  });
});

describe('the table of operators', () => {
  const rows = Object.entries(TABLE).flatMap(([domain, classes]) =>
    Object.values(classes).flatMap((each) => Object.entries(each).map(([op, row]) => ({ domain, op, row }))),
  );

  it('names operators of ONNX, each in one class', () => {
    const names = rows.map(({ domain, op }) => `${domain}.${op}`);
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    expect(rows.filter(({ domain, op }) => VERSIONS[domain]?.[op] === undefined)).toEqual([]);
  });

  it('tells versions that ONNX has, and more than one, to be alike', () => {
    const wrong = rows.filter(({ domain, op, row }) =>
      row.alike?.some((version) => row.alike?.length === 1 || !VERSIONS[domain]?.[op]?.includes(version)),
    );
    expect(wrong).toEqual([]);
  });
});
