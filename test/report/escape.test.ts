import fc from 'fast-check';
import { expect, it } from 'vitest';
import { escapeHtml, scriptJson } from '../../src/report/escape.js';
import { HOSTILE_NAMES } from './results.js';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_NAMES));

it('writes JSON that reads back the same and cannot end a script element', () => {
  fc.assert(
    fc.property(fc.dictionary(text, fc.oneof(text, fc.double({ noNaN: true }), fc.constant(null))), (value) => {
      const written = scriptJson(value);
      expect(written).not.toMatch(/[<>&\u2028\u2029]/);
      expect(JSON.parse(written)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it('leaves nothing in HTML that could begin an element, an entity or end an attribute', () => {
  fc.assert(
    fc.property(text, (value) => {
      const written = escapeHtml(value);
      expect(written).not.toMatch(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/);
      expect(unescaped(written)).toBe(value);
    }),
  );
});

function unescaped(html: string): string {
  return html
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
