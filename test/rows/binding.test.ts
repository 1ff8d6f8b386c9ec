import { expect, test } from 'vitest';
import { bindInputs, Complaints, mappedColumns } from '../../src/rows/binding.js';
import type { InputColumn, Signature } from '../../src/signature.js';

const input = (name: string): InputColumn => ({ name, type: 'float', sqlType: 'real', nulls: 'error' });
const signature: Signature = { inputs: [input('age'), input('Height')], outputs: [] };
const data = (...names: string[]) => ({ title: 'rows', columns: names.map((name) => ({ name, type: 'FLOAT' })) });

function bind(columns: ReturnType<typeof data>, map: Record<string, string> = {}) {
  const complaints = new Complaints(columns, signature);
  const misfit = (_: InputColumn, { type }: { type: string }) => (type === 'FLOAT' ? null : `is ${type}`);
  const bound = bindInputs(columns, signature, map, misfit, complaints);
  complaints.mustBeNone(', or write a view');
  return bound.map((each) => [each.input.name, each.column.name]);
}

const refused = (message: string) => expect.objectContaining({ code: 'COLUMN_MISMATCH', message });

test('names match exactly, else ignoring case, and a map goes first', () => {
  expect(bind(data('AGE', 'age', 'height'))).toEqual([
    ['age', 'age'],
    ['Height', 'height'],
  ]);
  expect(bind(data('age', 'height', 'Years'), { YEARS: 'AGE' })).toEqual([
    ['age', 'Years'],
    ['Height', 'height'],
  ]);
});

test('all that is wrong is said at once, with what may have been meant and the ways out', () => {
  const columns = data('ages', 'height');
  const wrong = { ...columns, columns: columns.columns.map((each) => ({ ...each, type: 'DATE' })) };
  expect(() => bind(wrong)).toThrow(
    expect.objectContaining({
      code: 'COLUMN_MISMATCH',
      message: 'rows does not fit the model: age (real) is missing (did you mean ages?); Height (real) is DATE',
      hint: expect.stringMatching(
        /The data has ages, height\. Use --map column=input for other names, or write a view\.$/,
      ),
      details: expect.objectContaining({ suggestions: { age: ['ages'] } }),
    }),
  );
});

test('a map names columns and inputs that there are, each input once', () => {
  const columns = data('a', 'b');
  const maps: [Record<string, string>, string][] = [
    [{ nope: 'age' }, '--map nope=age: rows has no column nope'],
    [{ a: 'nope' }, '--map a=nope: the model has no input nope'],
    [{ a: 'age', b: 'AGE' }, '--map b=AGE: two columns are mapped to age'],
  ];
  for (const [map, message] of maps) expect(() => bind(columns, map)).toThrow(refused(message));
});

test('without data a map is taken at its word', () => {
  expect([...mappedColumns(signature, { years: 'AGE' }, null)]).toEqual([['age', 'years']]);
});
