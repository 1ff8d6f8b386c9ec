import { expect, it } from 'vitest';
import { z } from 'zod';
import { addCount } from '../src/counts.js';
import { recordOf } from '../src/record-of.js';

const KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];

it('keeps every key, and holds its value to the schema', () => {
  const schema = z.object({ counts: recordOf(z.number()).optional() });
  const text = JSON.stringify({ counts: Object.fromEntries(KEYS.map((key, index) => [key, index])) });
  expect(JSON.stringify(schema.parse(JSON.parse(text)))).toBe(text);
  const wrong = schema.safeParse(JSON.parse('{"counts":{"__proto__":"x"}}'));
  expect(wrong.error?.issues).toMatchObject([{ code: 'invalid_type', path: ['counts', '__proto__'] }]);
});

it('says the same as JSON Schema', () => {
  expect(z.toJSONSchema(recordOf(z.number()))).toEqual(z.toJSONSchema(z.record(z.string(), z.number())));
});

it('counts names that every object has', () => {
  const counts = {};
  for (const key of [...KEYS, ...KEYS]) addCount(counts, key, 2);
  expect(Object.entries(counts)).toEqual(KEYS.map((key) => [key, 4]));
});
