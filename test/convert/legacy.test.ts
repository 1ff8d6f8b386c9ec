import path from 'node:path';
import { expect, it } from 'vitest';
import { NO_SANDBOX } from '../../src/bridge/sandbox.js';
import { convertModel } from '../../src/convert/convert.js';
import { Converters } from '../../src/convert/converters.js';
import { isInForce, legacyWarnings, mustBeSafeToLoad } from '../../src/convert/legacy.js';
import type { TrustOptions } from '../../src/detect/trust.js';
import { asPredictableError } from '../../src/errors.js';
import { CONTENT, FakeExecutor, type FakeOptions, frameOf, writeFiles } from '../support/fake-executor.js';
import { freshFolder } from '../support/folder.js';

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

it('is asked before an old environment gets a file', async () => {
  const folder = writeFiles(freshFolder('legacy'), { 'net.h5': CONTENT.keras() });
  const sample = frameOf(['a', 'b'], [[1, 2]]);
  const convert = async (fake: FakeOptions, trust: TrustOptions = {}) => {
    const executor = new FakeExecutor(fake);
    const converters = await Converters.open({ executor });
    const options = { sample, trust, converter: 'keras-onnx', environment: 'keras-onnx 2020' };
    const result = await convertModel(path.join(folder, 'net.h5'), converters, options).then(
      ({ warnings }) => warnings.map(({ code }) => code),
      (error: unknown) => asPredictableError(error).code,
    );
    await converters.close();
    return result;
  };
  expect(await convert({})).toContain('LEGACY_STACK');
  expect(await convert({ walls: NO_SANDBOX })).toBe('UNTRUSTED_ARTIFACT');
  expect(await convert({ walls: NO_SANDBOX }, { all: true })).toContain('LEGACY_STACK');
});
