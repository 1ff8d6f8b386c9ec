import { afterEach, expect, it, vi } from 'vitest';
import { runtimeState } from '../../src/runtimes/ensure.js';
import { NODE_RUNTIMES, readRuntimeManifest } from '../../src/runtimes/manifest.js';
import { TARGETS } from '../../src/targets/targets.js';

afterEach(() => vi.unstubAllGlobals());

it('there is one for each runtime of a target that Node loads, with its binding among the files', async () => {
  const wanted = new Set(Object.values(TARGETS).flatMap(({ runtimes }) => runtimes));
  expect(new Set([...NODE_RUNTIMES, '1.5.2'])).toEqual(wanted);
  for (const version of NODE_RUNTIMES) {
    const { title, package: spec, platforms } = await readRuntimeManifest(version);
    expect([title, spec]).toEqual([`ONNX Runtime ${version}`, `onnxruntime-node@${version}`]);
    expect(Object.keys(platforms)).toEqual(expect.arrayContaining(['darwin-arm64', 'linux-x64', 'win32-x64']));
    for (const { binding, files } of Object.values(platforms)) expect(Object.keys(files)).toContain(binding);
  }
});

it('says so where a runtime is not made for the machine', async () => {
  vi.stubGlobal('process', Object.create(process, { platform: { value: 'sunos' }, arch: { value: 'sparc' } }));
  expect(await runtimeState('1.30.0')).toMatchObject({
    state: 'not made for this machine',
    error: {
      code: 'ENVIRONMENT_FAILED',
      message: 'ONNX Runtime 1.30.0 is not made for sunos-sparc',
      hint: expect.stringContaining('linux-x64'),
    },
  });
});
