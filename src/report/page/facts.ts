/** What a model's pane says first: what the model is, what went wrong, and what should be known. */

import type { FailureFacts, ModelFacts } from './data.js';
import { h } from './dom.js';
import { factTable, section, wide } from './section.js';
import { duration, size } from './text.js';

export function factsList(facts: ModelFacts): HTMLElement {
  const { model, format, converter, sourceBytes, bytes, target, opsets, ir, elapsed, source, output, registered } =
    facts;
  const versions = Object.entries(opsets ?? {}).map(
    ([domain, version]) => `${domain === '' ? 'opset' : domain} ${version}`,
  );
  const pairs: [string, string | undefined][] = [
    ['model', model],
    ['source', `${source}${sourceBytes === undefined ? '' : `  (${size(sourceBytes)})`}`],
    ['read as', format && `${format}, by ${converter}`],
    ['converter', format === undefined ? converter : undefined],
    ['ONNX', output && `${output}  (${bytes === undefined ? '' : size(bytes)})`],
    ['made for', versions.length === 0 ? target : `${target}: ${versions.join(', ')}, IR ${ir}`],
    [
      'registered',
      registered &&
        `${registered.name}@${registered.version} in ${registered.registry}${registered.created ? '' : ', where it was already'}`,
    ],
    ['took', elapsed > 0 ? duration(elapsed) : undefined],
  ];
  return factTable(pairs.filter(([, value]) => value !== undefined && value !== ''));
}

export function failureBox({ code, message, hint, details }: FailureFacts): HTMLElement {
  return h(
    'section',
    { class: 'box failed', 'aria-label': 'Error' },
    h('h3', {}, code),
    h('p', { class: 'lines' }, message),
    hint === undefined ? null : h('p', { class: 'lines hint' }, hint),
    details === undefined ? null : detailsOf(details),
  );
}

function detailsOf(details: Record<string, unknown>): HTMLElement {
  return h(
    'details',
    {},
    h('summary', {}, 'Details'),
    wide('Details of the error', h('pre', {}, JSON.stringify(details, null, 2))),
  );
}

export function warningsBox({ warnings }: ModelFacts): HTMLElement | null {
  if (warnings.length === 0) return null;
  return h(
    'section',
    { class: 'box warned', 'aria-label': 'Warnings' },
    ...warnings.map(({ code, message }) => h('p', { class: 'lines' }, h('b', { class: 'code' }, code), ` ${message}`)),
  );
}

export function missingEvidence({ status, inputs }: ModelFacts): HTMLElement | null {
  if (status === 'skipped' || inputs === undefined) return null;
  return section('Predictions and graph', h('p', { class: 'dim' }, 'The run kept no evidence of this conversion.'));
}
