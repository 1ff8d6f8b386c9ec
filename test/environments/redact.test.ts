import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redactor } from '../../src/environments/redact.js';

const secret = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019!#$%&*+,;=?._~-'), minLength: 8, maxLength: 24 })
  .filter((text) => new Set(text).size > 3);

it('leaves no password of an index anywhere, as written or as decoded', () => {
  fc.assert(
    fc.property(secret, fc.string(), fc.string(), (password, before, after) => {
      const encoded = encodeURIComponent(password);
      const redact = redactor({ PIP_INDEX_URL: `https://anna:${encoded}@index.example/simple` });
      for (const written of [encoded, password]) {
        const shown = redact(`Looking in https://anna:${encoded}@index.example/simple ${written} there`);
        expect(shown).not.toContain(written);
      }
      expect(redact(`${before} no secret ${after}`)).toContain('no secret');
    }),
  );
});

it('knows a token without a user, and leaves other text alone', () => {
  const redact = redactor({ PIP_EXTRA_INDEX_URL: 'https://tok_12345@one.example/ https://index.example/' });
  expect(redact('from https://tok_12345@one.example/x and tok_12345, see https://index.example/a@b')).toBe(
    'from https://***@one.example/x and ***, see https://index.example/a@b',
  );
});
