/** Which imports lead upward in a house with floors, and which modules import each other in a circle. */

import { circlesAmong } from './circles.js';
import { importsIn, type Modules } from './imports.js';

/** Rooms, the lowest floor first; rooms of one floor do not know each other. A room is a folder or a file. */
export type Floors = readonly (readonly string[])[];

/** Imports from a room to one that is not below it, and modules that stand on no floor. What lies outside is not looked at. */
export function upwardImports(modules: Modules, floors: Floors): string[] {
  const floorOf = new Map(floors.flatMap((rooms, floor) => rooms.map((room) => [room, floor] as const)));
  const homeless = [...modules.keys()].filter((module) => !floorOf.has(roomOf(module)));
  const upward = importsIn(modules).filter(({ from, to }) => {
    const [room, other] = [roomOf(from), roomOf(to)];
    return other !== '..' && other !== room && (floorOf.get(other) ?? floors.length) >= (floorOf.get(room) ?? 0);
  });
  return [
    ...homeless.map((module) => `${module} stands on no floor`),
    ...upward.map(({ from, to }) => `${from} imports ${to}, which is not below it`),
  ].sort();
}

/** Modules that import each other, by way of others too, each circle once. */
export function circles(modules: Modules): string[] {
  const targets = new Map<string, string[]>([...modules.keys()].map((module) => [module, []]));
  for (const { from, to } of importsIn(modules)) targets.get(from)?.push(to);
  return circlesAmong(targets).map((circle) => [...circle, ...circle.slice(0, 1)].join(' → '));
}

function roomOf(module: string): string {
  return module.split('/')[0] ?? module;
}
