/** Parts of a bill of materials as CycloneDX 1.6 says them: https://cyclonedx.org/docs/1.6/json/. */

import type { Conversion } from '../convert/document.js';
import { TARGETS } from '../targets/targets.js';
import type { Verification } from '../verify/verification.js';
import { canonical, type LockedPackage } from './lock.js';

type Json = string | number | boolean | Json[] | { [key: string]: Json };
export type Component = { 'bom-ref': string; type: string; name: string } & Record<string, Json>;

const sha256 = (content: string) => ({ alg: 'SHA-256', content });
const property = (name: string, value: string | number) => ({ name: `predictable:${name}`, value: String(value) });

/** The ONNX model, with what it was made from and what its verification found. */
export function modelComponent(conversion: Conversion): Component {
  const { name, model = name, sha256: sum, inputs = [], outputs = [], verification, provenance, target } = conversion;
  const columns = (given: { name: string; type: string }[]) =>
    given.map((each) => ({ format: `${each.name}: ${each.type}` }));
  return {
    'bom-ref': `model:${name}`,
    type: 'machine-learning-model',
    name,
    version: sum?.slice(0, 12) ?? '',
    description: `${model}, as columnar ONNX for ${TARGETS[target].title}`,
    hashes: sum === undefined ? [] : [sha256(sum)],
    modelCard: {
      modelParameters: {
        modelArchitecture: model,
        inputs: columns(inputs),
        outputs: columns(outputs),
        ...(verification === undefined ? {} : { datasets: [dataset(verification)] }),
      },
      ...(verification === undefined ? {} : { quantitativeAnalysis: { performanceMetrics: metrics(verification) } }),
    },
    ...(provenance === undefined ? {} : { pedigree: { ancestors: [sourceComponent(conversion)] } }),
    properties: properties(conversion),
  };
}

function dataset({ rowsSource, rows }: Verification) {
  const name = rowsSource === 'sample' ? 'rows of the sample' : 'rows that were made up';
  return { type: 'dataset', name, description: `${rows} rows that the verification compared` };
}

/** Differences between the ONNX model's predictions and those of the original, over all rows and probes. */
function metrics({ maxAbsDiff, maxRelDiff, labelMismatches, rows, probes }: Verification) {
  return [
    { type: 'largest absolute difference to the original', value: String(maxAbsDiff) },
    { type: 'largest relative difference to the original', value: String(maxRelDiff) },
    { type: 'labels that differ from those of the original', value: String(labelMismatches) },
    { type: 'rows compared', value: String(rows) },
    ...(probes ? [{ type: 'probe rows compared', value: String(probes.rows) }] : []),
  ];
}

function sourceComponent({ name, model = name, format = '', provenance }: Conversion) {
  return {
    'bom-ref': `source:${name}`,
    type: 'machine-learning-model',
    name: provenance?.source ?? name,
    description: `${model}, as it was trained (${format})`,
    hashes: provenance === undefined ? [] : [sha256(provenance.sourceSha256)],
  };
}

function properties({ target, opsets, ir, precision, verification, converter, provenance, sandbox }: Conversion) {
  const walls = sandbox === undefined ? [] : Object.entries(sandbox).map(([wall, holds]) => `${wall}: ${holds}`);
  return [
    property('target', target),
    ...Object.entries(opsets ?? {}).map(([domain, version]) => property(`opset:${domain || 'ai.onnx'}`, version)),
    ...(ir === undefined ? [] : [property('ir', ir)]),
    ...(precision === undefined ? [] : [property('precision', precision)]),
    ...(verification === undefined ? [] : ofVerification(verification)),
    ...(converter === undefined ? [] : [property('converter', converter)]),
    ...(provenance === undefined ? [] : ofProvenance(provenance)),
    ...walls.map((wall) => property('sandbox', wall)),
  ];
}

function ofVerification({ status, rowsSource, reference, rtol, atol }: Verification) {
  return [
    property('verification', status),
    property('rows', rowsSource),
    property('reference', reference),
    property('rtol', rtol),
    property('atol', atol),
  ];
}

function ofProvenance({ environment, lock, libraries }: NonNullable<Conversion['provenance']>) {
  return [
    property('environment', environment),
    property('lock:sha256', lock),
    ...Object.entries(libraries).map(([library, version]) => property(`library:${library}`, version)),
  ];
}

/** A package of the environment that the original was loaded and converted in. */
export function packageComponent({ name, version, sha256: sums }: LockedPackage): Component {
  const purl = `pkg:pypi/${canonical(name)}@${encodeURIComponent(version)}`;
  const url = `https://pypi.org/project/${name}/${version}/`;
  return {
    'bom-ref': purl,
    type: 'library',
    name,
    version,
    purl,
    // Each of them is one of its builds; a package of the user's own has none, and may be anywhere.
    ...(sums.length === 0 ? {} : { externalReferences: [{ type: 'distribution', url, hashes: sums.map(sha256) }] }),
  };
}

/** ONNX Runtime in a version that the model was verified in. */
export function runtimeComponent(version: string): Component {
  const purl = `pkg:npm/onnxruntime-node@${version}`;
  return { 'bom-ref': purl, type: 'library', name: 'onnxruntime-node', version, purl };
}
