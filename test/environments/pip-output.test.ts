import { expect, it } from 'vitest';
import { collectedPackage, pipError } from '../../src/environments/pip-output.js';

it.each([
  ['Collecting numpy==2.4.6 (from -r requirements.lock (line 51))', 'numpy'],
  ['Collecting acme', 'acme'],
  ['Processing /wheels/scikit_learn-1.9.1-cp311-cp311-manylinux_2_27_x86_64.whl (from -r x (line 1))', 'scikit-learn'],
  ['  Downloading onnx-1.23.2.whl (8.9 MB)', undefined],
])('sees the package in %s', (line, name) => {
  expect(collectedPackage(line)).toBe(name);
});

it('says in a few lines what pip says in many', () => {
  const versions = Array.from({ length: 500 }, (_, i) => `1.${i}`).join(', ');
  const lines = [
    'Collecting six==99',
    `ERROR: Could not find a version that satisfies the requirement six==99 (from versions: ${versions})`,
    'ERROR: No matching distribution found for six==99',
  ];
  const error = pipError('tabular', lines, '/cache/logs/tabular.log');
  expect(error.message).toBe(
    'The tabular environment could not be built: Could not find a version that satisfies the requirement six==99 No matching distribution found for six==99',
  );
  expect(error.hint).toContain('/cache/logs/tabular.log');
});

it('tells a full disk and a missing network apart from a missing package', () => {
  const full = ['ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device'];
  expect(pipError('tabular', full, 'log').code).toBe('DISK_FULL');
  const offline = [
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'",
    'ERROR: No matching distribution found for six==1',
  ];
  expect(pipError('tabular', offline, 'log').hint).toContain('--wheelhouse');
});

it.each([
  "      error: [Errno 2] No such file or directory: '/usr/bin/g++'",
  "      error: command 'gcc' failed: No such file or directory",
  '      error: Microsoft Visual C++ 14.0 or greater is required.',
])('names the compiler that a source package lacks: %s', (line) => {
  const lines = [line, '  ERROR: Failed building wheel for libsvm-official'];
  expect(pipError('LibSVM', lines, 'log').hint).toContain('C++ compiler');
});
