/** Every rule of the columnar contract, and the limits of a target. */

import { PredictableError } from '../errors.js';
import { columnTypeSchema } from '../signature.js';
import type { TargetProfile } from '../targets/targets.js';
import type { Model, ValueInfo } from './codec/model.js';
import { limitViolations, type WaysOut } from './limits.js';
import { isKnown, versionAt } from './operators/versions.js';
import { allNodes } from './walk.js';

/** Throws the first violation: UNSUPPORTED_TYPE, UNSUPPORTED_OPERATOR, OPSET_TOO_NEW, TOO_MANY_COLUMNS, MODEL_TOO_LARGE. */
export function checkContract(model: Model, target: TargetProfile, bytes: number, ways?: WaysOut): void {
  const [first] = contractViolations(model, target, bytes, ways);
  if (first !== undefined) throw first;
}

/** All violations; none means that the target loads the model. `bytes` is the length of its file. */
export function contractViolations(
  model: Model,
  target: TargetProfile,
  bytes: number,
  ways?: WaysOut,
): PredictableError[] {
  return [
    ...edges(model),
    ...limitViolations(model, target, bytes, ways),
    ...versions(model, target),
    ...operators(model),
  ];
}

function edges(model: Model): PredictableError[] {
  const initializers = new Set(model.graph.initializers.map(({ name }) => name));
  return [
    ...model.graph.inputs.flatMap((value) =>
      initializers.has(value.name)
        ? [broken('UNSUPPORTED_MODEL', `input "${value.name}" is also an initializer`, value.name)]
        : edge('input', value),
    ),
    ...model.graph.outputs.flatMap((value) => edge('output', value)),
    ...collisions('inputs', model.graph.inputs),
    ...collisions('outputs', model.graph.outputs),
  ];
}

function edge(what: string, { name, type }: ValueInfo): PredictableError[] {
  if (type.kind !== 'tensor')
    return [broken('UNSUPPORTED_TYPE', `${what} "${name}" is a ${type.kind}, not a tensor`, name)];
  const found: PredictableError[] = [];
  if (!columnTypeSchema.safeParse(type.element).success) {
    found.push(
      broken(
        'UNSUPPORTED_TYPE',
        `${what} "${name}" is of type ${type.element}; SQL takes float, double, int32 and int64`,
        name,
      ),
    );
  }
  const shape = type.shape;
  const isColumn = shape?.length === 2 && shape[1] === 1 && (typeof shape[0] !== 'number' || shape[0] === 1);
  if (!isColumn) {
    const written = shape === null ? 'no shape' : `shape [${shape.map((size) => size ?? '?').join(',')}]`;
    found.push(broken('UNSUPPORTED_TYPE', `${what} "${name}" has ${written}; a column is [N,1]`, name));
  }
  return found;
}

function collisions(what: string, values: ValueInfo[]): PredictableError[] {
  const seen = new Map<string, string>();
  return values.flatMap(({ name }) => {
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    return other === undefined
      ? []
      : [broken('NAME_COLLISION', `${what} "${other}" and "${name}" are one name in SQL`, name)];
  });
}

function versions(model: Model, target: TargetProfile): PredictableError[] {
  const found: PredictableError[] = [];
  const seen = new Set<string>();
  for (const { domain, version } of model.opsets) {
    const newest = domain === '' || domain === 'ai.onnx.ml' ? target.opsets[domain] : null;
    const name = domain || 'ai.onnx';
    if (newest === null)
      found.push(unsupported(`domain ${name} is imported; the contract knows ai.onnx and ai.onnx.ml only`, { domain }));
    else if (version > newest) {
      found.push(
        tooNew(`the model imports ${name} ${version}; ${target.title} loads up to ${newest}`, {
          domain,
          version,
          newest,
        }),
      );
    }
    if (seen.has(domain)) found.push(broken('UNSUPPORTED_MODEL', `domain ${name} is imported twice`, domain));
    seen.add(domain);
  }
  if (model.ir > target.ir) {
    found.push(
      tooNew(`the model has IR version ${model.ir}; ${target.title} loads up to ${target.ir}`, {
        ir: model.ir,
        newest: target.ir,
      }),
    );
  }
  return found;
}

function operators(model: Model): PredictableError[] {
  const opsets = new Map(model.opsets.map(({ domain, version }) => [domain, version]));
  const own = model.functions.map(({ name }) =>
    unsupported(`the model defines operator ${name ?? ''} itself`, { operator: name }),
  );
  const seen = new Set<string>();
  const foreign = allNodes(model.graph).flatMap(({ op, domain, outputs }) => {
    const key = `${domain}.${op}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const details = { operator: op, domain, tensor: outputs[0] ?? '' };
    const where = `operator ${domain || 'ai.onnx'}.${op}, which makes tensor "${outputs[0] ?? ''}",`;
    if (domain !== '' && domain !== 'ai.onnx.ml')
      return [unsupported(`${where} is outside the domains ai.onnx and ai.onnx.ml`, details)];
    if (!isKnown(domain, op)) return [unsupported(`${where} is not an ONNX operator`, details)];
    const version = opsets.get(domain);
    if (version === undefined) return [unsupported(`${where} belongs to a domain that is not imported`, details)];
    return versionAt(domain, op, version) === null
      ? [unsupported(`${where} does not exist in opset ${version}`, details)]
      : [];
  });
  return [...own, ...foreign];
}

function broken(
  code: 'UNSUPPORTED_TYPE' | 'UNSUPPORTED_MODEL' | 'NAME_COLLISION',
  rule: string,
  tensor: string,
): PredictableError {
  return new PredictableError(code, rule, {
    hint: 'Run predictable normalize on it.',
    details: { tensor },
  });
}

function unsupported(rule: string, details: Record<string, unknown>): PredictableError {
  return new PredictableError('UNSUPPORTED_OPERATOR', rule, {
    hint: 'Export the model without that operator.',
    details,
  });
}

function tooNew(message: string, details: Record<string, unknown>): PredictableError {
  return new PredictableError('OPSET_TOO_NEW', message, {
    hint: 'Run predictable normalize on it, or export it for an older opset.',
    details,
  });
}
