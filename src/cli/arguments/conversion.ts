/** The options that say how a model is converted, and what the stages make of them: the same for one model and for a zoo. */

import type { InferredOptionTypes, Options } from 'yargs';
import type { ConvertOptions } from '../../convert/convert.js';
import { givenInputs, imageSize, list, milliseconds, nullPolicy, wholeNumber } from '../../convert/option-text.js';
import { TARGET_IDS } from '../../targets/targets.js';
import { CONVERTER, NETWORK, NORMALIZATION, TIMEOUT, VERIFICATION } from './options.js';

export const CONVERSION = {
  ...NORMALIZATION,
  // No default of its own: a registry may say it.
  target: {
    choices: TARGET_IDS,
    defaultDescription: "sql-edge, or the engine of the registry's server",
    describe: 'engine that the model is for',
    group: 'Conversion:',
  },
  ...NETWORK,
  ...VERIFICATION,
  ...CONVERTER,
  ...TIMEOUT,
  precision: {
    choices: ['float', 'double', 'auto'] as const,
    default: 'float' as const,
    describe: 'element type; auto takes double where it runs and comes closer',
    group: 'Conversion:',
  },
  'keep-unverified': {
    type: 'boolean',
    default: false,
    describe: 'write a model that did not verify, too',
    group: 'Verification:',
  },
} as const satisfies Record<string, Options>;

type Given = InferredOptionTypes<typeof CONVERSION>;
type CamelCase<T extends string> = T extends `${infer A}-${infer B}` ? `${A}${Capitalize<CamelCase<B>>}` : T;
/** As yargs hands them to a handler. */
export type ConversionArguments = { [K in keyof Given as CamelCase<K>]: Given[K] };

/** All but the target and the sample, which a registry may have a say in. Throws USAGE. */
export function conversionOptions(args: ConversionArguments): ConvertOptions {
  return {
    ...normalizationOptions(args),
    precision: args.precision,
    inputs: givenInputs(args.input),
    factory: args.factory,
    signature: args.signature,
    tag: args.tag,
    rtol: args.rtol,
    atol: args.atol,
    converter: args.converter,
    environment: args.environment,
    timeout: milliseconds(args.timeout),
  };
}

type NormalizationArguments = Pick<
  ConversionArguments,
  'columns' | 'onNull' | 'onUnknown' | 'batchDim' | 'outputs' | 'top' | 'weights' | 'imageSize'
>;

/** What the graph alone is told, with or without a conversion before. Throws USAGE. */
export function normalizationOptions(args: NormalizationArguments) {
  return {
    columns: list(args.columns),
    onNull: nullPolicy(args.onNull),
    onUnknown: args.onUnknown,
    batch: args.batchDim === '1' ? (1 as const) : ('N' as const),
    outputs: list(args.outputs),
    top: wholeNumber('--top', args.top),
    weights: args.weights,
    imageSize: imageSize(args.imageSize),
  };
}
