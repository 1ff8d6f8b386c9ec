import { expect, test } from 'vitest';
import { importsOf } from './support/imports.js';

/** The floors of src/, bottom first: an import goes down only, types too. Rooms of one floor know nothing of each other. */
const FLOORS = [
  ['errors.ts', 'warnings.ts', 'signature.ts', 'paths.ts', 'tensor.ts'],
  ['files', 'targets', 'bundled'],
  ['converters'],
  ['rows', 'graph', 'bridge'],
  ['environments'],
  ['runtimes', 'detect'],
  ['inference'],
  ['server'],
  ['sql', 'verify'],
  ['convert'],
  ['registry'],
  ['score'],
  ['library', 'batch', 'deploy', 'doctor', 'demo'],
  ['report'],
  ['cli', 'index.ts'],
];

const imports = importsOf('src').map(({ from, to }) => ({ from, to, rooms: [roomOf(from), roomOf(to)] as const }));

test('every room of src/ has its floor', () => {
  const rooms = new Set(imports.flatMap(({ rooms }) => rooms));
  expect([...rooms].filter((room) => floorOf(room) < 0)).toEqual([]);
});

test('imports go down', () => {
  const up = imports.filter(({ rooms: [from, to] }) => from !== to && floorOf(to) >= floorOf(from));
  expect(up.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
});

function roomOf(file: string): string {
  return file.split('/')[1] ?? '';
}

function floorOf(room: string): number {
  return FLOORS.findIndex((rooms) => rooms.includes(room));
}
