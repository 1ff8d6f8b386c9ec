import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { forReaders } from '../src/report/page/visible.js';
import { forShell, quotedForShell } from '../src/shell.js';

const NAMES = [
  'out/iris.onnx',
  'a b;$(touch x)\'"`',
  'a\nb\u202e%s\\n$x\u001b[2J',
  "it's",
  'Malmö 東京',
  '*?[a]{b,c}~!#&|<>',
  '=ls',
  'a##vso[task.complete]::error::b',
  '',
];

it.each(NAMES)('hands on %j as one argument', (name) => {
  expect(argumentsOf(forShell(name))).toEqual([name]);
  expect(forShell(name)).toMatch(/^\P{C}+$/u);
  expect(forReaders(forShell(name))).toBe(forShell(name));
});

it('leaves alone what needs no quotes', () => {
  expect(forShell('out/iris-2.onnx')).toBe('out/iris-2.onnx');
});

it('makes no option of a path', () => {
  expect(forShell('-rf.onnx')).toBe('./-rf.onnx');
  expect(quotedForShell('-o')).toBe('-o');
});

/** As the shell of this machine takes them apart. */
function argumentsOf(text: string): string[] {
  const said = execFileSync('sh', ['-c', `printf '%s\\0' ${text}`], { encoding: 'utf8' });
  return said.split('\0').slice(0, -1);
}
