/** When something befalls a command: at any moment, or when a state has come. */

import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { processesOf, until } from './processes.js';
import type { Stage } from './stages.js';
import type { Running, World } from './world.js';

export interface Chance {
  /** From 0 up to 1. */
  share: () => number;
  pick: <T>(of: readonly T[]) => T;
  /** Milliseconds that the stage takes undisturbed. */
  duration: number;
}

export interface Moment {
  name: string;
  /** Resolves when it has come, or the command has ended. */
  come: (running: Running) => Promise<unknown>;
}

/** Milliseconds. No command that was told to end takes longer; a loaded machine is given more. */
export const PATIENCE = 180_000;

/** A share of the time that it takes: nothing is expected of how far it came. */
export function anyMoment({ share, duration }: Chance): Moment {
  const after = share() * duration;
  return { name: `${Math.round(after)} ms`, come: ({ ended }) => Promise.race([pause(after), ended]) };
}

/** Something of it is seen: a file, a folder, a program. */
export function chosenMoment(stage: Stage, world: World, { pick }: Chance): Moment {
  const programs: Moment[] = [
    appears(world, 'tmp', /^predictable-/),
    {
      name: 'a program of it runs',
      come: (running) => until('a program', () => running.over || processesOf(world.root).length > 1, PATIENCE),
    },
  ];
  const { place = 'tmp', names = /./ } = stage.sign ?? { place: stage.places[0] };
  return pick([...(stage.programs ? programs : []), appears(world, place, names)]);
}

function appears(world: World, place: string, what: RegExp): Moment {
  const folder = path.join(world.root, place);
  const there = () => existsSync(folder) && readdirSync(folder).some((name) => what.test(name));
  return {
    name: `${what.source} in ${place}`,
    come: (running) => until(what.source, () => running.over || there(), PATIENCE),
  };
}
