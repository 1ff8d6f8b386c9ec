import { expect, it } from 'vitest';
import { isInForce, legacyWarnings, mustBeSafeToLoad } from '../../src/convert/legacy.js';

const OLD = { name: 'CoreML', legacy: ['onnx 1.16.1', 'protobuf 3.20.3'] };
const NEW = { name: 'scikit-learn' };
const FILE = { file: 'press 1.mlmodel', sha256: 'ab12', trusted: false };

it('warns of what is old, and why it matters', () => {
  expect(legacyWarnings(NEW)).toEqual([]);
  const [warning] = legacyWarnings(OLD);
  expect(warning?.code).toBe('LEGACY_STACK');
  expect(warning?.message).toContain('onnx 1.16.1 and protobuf 3.20.3, in which holes are known');
});

it('loads nobody’s file by old libraries in the open', () => {
  expect(() => mustBeSafeToLoad(FILE, OLD, false)).toThrow(
    expect.objectContaining({
      code: 'UNTRUSTED_ARTIFACT',
      hint: expect.stringContaining("predictable trust 'press 1.mlmodel' -o trust.lock"),
      details: { sha256: 'ab12', legacy: OLD.legacy },
    }),
  );
});

it('takes for walls what keeps files, network and programs away', () => {
  const walls = { files: true, network: true, exec: true, memory: false };
  expect(isInForce(walls)).toBe(true);
  for (const wall of ['files', 'network', 'exec']) expect(isInForce({ ...walls, [wall]: false })).toBe(false);
});

it.each([
  ['behind walls', FILE, OLD, true],
  ['vouched for', { ...FILE, trusted: true }, OLD, false],
  ['by libraries of today', FILE, NEW, false],
])('loads a file %s', (_, file, stack, sandboxInForce) => {
  expect(() => mustBeSafeToLoad(file, stack, sandboxInForce)).not.toThrow();
});
