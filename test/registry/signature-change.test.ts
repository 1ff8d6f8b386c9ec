import { expect, test } from 'vitest';
import { signatureChanges } from '../../src/registry/signature-change.js';
import { signature } from './contract.js';

test('says what a query would notice', () => {
  expect(signatureChanges(signature, signature)).toEqual([]);
  const [label, probability] = signature.outputs;
  if (label === undefined || probability === undefined) throw new Error('the signature has two outputs');
  const changed = { inputs: signature.inputs, outputs: [{ ...label, labels: ['setosa', 'other'] }] };
  expect(signatureChanges(signature, changed)).toEqual([
    'output label was text (setosa, virginica), is text (other, setosa)',
    'output probability is gone',
  ]);
});

test('new categories, policies and another order are no change', () => {
  const inputs = signature.inputs
    .map((input) => ({ ...input, nulls: 0, ...(input.categories ? { categories: ['Lund', 'Ystad', "M'ö"] } : {}) }))
    .reverse();
  expect(signatureChanges(signature, { inputs, outputs: [...signature.outputs].reverse() })).toEqual([]);
});
