/** What the models and preprocessors of ai.onnx.ml make of element types and shapes. */

import type { Node } from '../codec/model.js';
import { floatsOf, intOf, intsOf, stringOf, stringsOf } from '../codec/tensors.js';
import type { FactsRule, Question } from './facts.js';
import { perRow, rows, type Size } from './shapes.js';

const scaled: FactsRule = ({ shape }) => [{ element: 'float', shape }];
const replaced: FactsRule = ({ element, shape }) => [{ element, shape }];

export const ML_RULES: Record<string, FactsRule> = {
  LinearClassifier: classifier,
  SVMClassifier: classifier,
  TreeEnsembleClassifier: classifier,
  LinearRegressor: ({ node, shape }) => [{ element: 'float', shape: [heightOf(shape), intOf(node, 'targets', 1)] }],
  TreeEnsembleRegressor: ({ node, shape }) => [
    { element: 'float', shape: [heightOf(shape), intOf(node, 'n_targets', 1)] },
  ],
  SVMRegressor: ({ shape }) => [{ element: 'float', shape: [heightOf(shape), 1] }],
  Scaler: scaled,
  Normalizer: scaled,
  Imputer: replaced,
  Binarizer: replaced,
  OneHotEncoder: ({ node, shape }) => {
    const categories = stringsOf(node, 'cats_strings') ?? intsOf(node, 'cats_int64s');
    return [{ element: 'float', shape: shape && [...shape, categories?.length ?? null] }];
  },
  LabelEncoder: ({ node, shape }) => {
    const element = node.attributes.has('values_strings')
      ? 'string'
      : node.attributes.has('values_int64s')
        ? 'int64'
        : node.attributes.has('values_floats')
          ? 'float'
          : undefined;
    return [{ element, shape }];
  },
  ArrayFeatureExtractor: ({ inputs, element, shape }) => {
    const counted = perRow(inputs[1]?.shape ?? [null]);
    const picked: Size = counted && (counted.rows ? rows(counted.values) : counted.values);
    // One row of values picked by N indices comes out as [1,N].
    return [{ element, shape: shape && (shape.length === 1 ? [1, picked] : [...shape.slice(0, -1), picked]) }];
  },
};

function classifier({ node, shape }: Question): ReturnType<FactsRule> {
  const texts = stringsOf(node, 'classlabels_strings');
  const numbers = intsOf(node, 'classlabels_int64s') ?? intsOf(node, 'classlabels_ints');
  const count = texts?.length ?? numbers?.length ?? null;
  const height = heightOf(shape);
  return [
    { element: texts === null ? 'int64' : 'string', shape: [height] },
    { element: 'float', shape: [height, scoreWidth(node, count)] },
  ];
}

function heightOf(shape: Size[] | null): Size {
  return shape?.[0] ?? null;
}

/** Columns of a classifier's scores; null where the runtime's rule depends on the weights. */
function scoreWidth(node: Node, labels: number | null): number | null {
  if (node.op === 'LinearClassifier') {
    const targets = floatsOf(node, 'intercepts')?.length ?? null;
    return targets === 1 && labels === 2 ? 2 : targets;
  }
  if (node.op === 'TreeEnsembleClassifier') return labels === null ? null : Math.max(labels, 1);
  return stringOf(node, 'kernel_type', '') === '' ? null : labels;
}
