import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/paths.js';

const { disagreements, locks, oldPins } = (await import(
  pathToFileURL(path.join(packageRoot, 'scripts', 'check-pins.mjs')).href
)) as {
  disagreements: (root: string) => string[];
  locks: (root: string) => string[];
  oldPins: (lock: string) => string[];
};

it('every lock is at the floors, or its manifest marks it as legacy with what is old', () => {
  expect(locks(packageRoot).length).toBeGreaterThan(15);
  expect(disagreements(packageRoot)).toEqual([]);
});

describe('what is old in a lock', () => {
  it.each([
    ['onnx==1.20.9 \\\n    --hash=sha256:ab', ['onnx 1.20.9']],
    ['onnx==1.21.0 \\\n    --hash=sha256:ab', []],
    ['torch==2.9.1+cpu ; sys_platform == "linux"\ntorch==2.10.0 ; sys_platform != "linux"', ['torch 2.9.1+cpu']],
    ['keras==3.13.2rc1\nskops==0.13.0', ['keras 3.13.2rc1']],
    ['protobuf==5.29.6', []],
    ['protobuf==5.29.5', ['protobuf 5.29.5']],
    ['protobuf==6.30.0', ['protobuf 6.30.0']],
    ['protobuf==7.1.0', []],
    ['Protobuf[x]==3.20.3', ['protobuf 3.20.3']],
    ['onnxruntime==1.5.2\ntf-keras==2.19.0\nconstructor==1', []],
  ])('%j', (lock, old) => {
    expect(oldPins(lock)).toEqual(old);
  });
});
