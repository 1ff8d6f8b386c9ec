/** What befalls a command: each kind as a row, and what of it is left to chance. */

import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { filling, limiting, readOnly } from '../support/confined.js';
import { anyMoment, type Chance, chosenMoment, type Moment, PATIENCE } from './moments.js';
import { type OwnProcess, parentsAmong, processesOf, send, until } from './processes.js';
import type { Stage } from './stages.js';
import type { Ended, Running, World } from './world.js';

export interface Fault {
  name: string;
  /** Which stages it may befall: all, if it is not said. */
  only?: 'programs' | 'patient' | 'caches';
  /** Undefined where this machine can't bring it about. */
  befall: (stage: Stage, world: World, chance: Chance) => Promise<Befallen | undefined>;
}

export interface Befallen {
  ended: Ended;
  /** What was chosen, for whoever reads of a failure. */
  how: string;
  /** Whether it came before the command's end. */
  hit: boolean;
}

const ENDS: NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT'];

export const FAULTS: Fault[] = [
  ...ENDS.flatMap((signal): Fault[] => [
    {
      name: `${signal} at any moment`,
      befall: (stage, world, chance) => signalled(stage, world, [signal], anyMoment(chance)),
    },
    {
      name: `${signal} at a chosen moment`,
      befall: (stage, world, chance) => signalled(stage, world, [signal], chosenMoment(stage, world, chance)),
    },
  ]),
  {
    name: 'two signals',
    befall: (stage, world, chance) =>
      signalled(
        stage,
        world,
        [chance.pick(['SIGINT', 'SIGTERM']), chance.pick(['SIGINT', 'SIGTERM'])],
        chosenMoment(stage, world, chance),
      ),
  },
  { name: 'a program of it is killed', only: 'programs', befall: programKilled },
  { name: 'a program of it stands still, and it is told to end', only: 'programs', befall: programStopped },
  { name: 'a program of it stands still longer than it may', only: 'patient', befall: programTooSlow },
  { name: 'the first of two is killed, the other waits', only: 'caches', befall: firstKilled },
  { name: 'a full disk', befall: (stage, world, chance) => diskFull(stage, world, chance) },
  { name: 'a folder that is read-only', befall: (stage, world, chance) => closed(stage, world, chance) },
  {
    name: 'no more open files',
    // With fewer, Node itself cannot load a program.
    befall: (stage, world, chance) => limited(stage, world, 'n', 32 + Math.floor(60 * chance.share())),
  },
  {
    name: 'files that may not grow',
    befall: (stage, world, chance) => limited(stage, world, 'f', Math.floor(2 ** (12 * chance.share()))),
  },
];

async function signalled(stage: Stage, world: World, signals: NodeJS.Signals[], moment: Moment): Promise<Befallen> {
  const running = world.start(stage);
  await moment.come(running);
  const hit = !running.over;
  for (const signal of signals) send(running.pid, signal);
  return { ended: await endOf(running), how: `${signals.join(', ')} at ${moment.name}`, hit };
}

/** Any of them: a guard, an interpreter, a runtime's process, npm, pip. */
async function programKilled(stage: Stage, world: World, { pick }: Chance): Promise<Befallen | undefined> {
  const running = world.start(stage);
  const programs = await programsOf(world, running);
  if (programs.length === 0) return { ended: await endOf(running), how: 'none ran', hit: false };
  const one = pick(programs);
  send(one.pid, 'SIGKILL');
  return { ended: await endOf(running), how: one.words, hit: true };
}

/**
 * One that waits for no other: a guard that stands still can't do its work, and nobody but its user would stop it. A process
 * that scores has no guard: where it stands still, it hears of our end when it goes on, if we had no word to say to it.
 */
async function programStopped(stage: Stage, world: World, { pick }: Chance): Promise<Befallen | undefined> {
  const signal = pick(stage.unguarded ? ENDS.filter((each) => each !== 'SIGKILL') : ENDS);
  const running = world.start(stage);
  const stopped = await stopOne(stage, world, running, pick);
  if (stopped === undefined) return { ended: await endOf(running), how: 'none ran', hit: false };
  send(running.pid, signal);
  return { ended: await endOf(running), how: `${stopped.words}, ${signal}`, hit: true };
}

async function programTooSlow(stage: Stage, world: World, { pick }: Chance): Promise<Befallen | undefined> {
  const running = world.start(stage, [], ['--timeout', '4']);
  const stopped = await stopOne(stage, world, running, pick);
  return { ended: await endOf(running), how: stopped?.words ?? 'none ran', hit: stopped !== undefined };
}

async function stopOne(
  stage: Stage,
  world: World,
  running: Running,
  pick: Chance['pick'],
): Promise<OwnProcess | undefined> {
  const stoppable = () => {
    const programs = processesOf(world.root).filter(({ pid }) => pid !== running.pid);
    const parents = parentsAmong(programs);
    const guarded = new Set(programs.map(({ pid }) => pid));
    return programs.filter(({ pid, parent }) => !parents.has(pid) && (stage.unguarded || guarded.has(parent)));
  };
  await until('a program that may stand still', () => running.over || stoppable().length > 0, PATIENCE);
  const [one] = [stoppable()].filter(({ length }) => length > 0).map((all) => pick(all));
  if (one !== undefined) send(one.pid, 'SIGSTOP');
  return one;
}

async function programsOf(world: World, running: Running): Promise<OwnProcess[]> {
  const of = () => processesOf(world.root).filter(({ pid }) => pid !== running.pid);
  await until('a program', () => running.over || of().length > 0, PATIENCE);
  return of();
}

/** Both want the same of one cache: the other takes over. */
async function firstKilled(stage: Stage, world: World, chance: Chance): Promise<Befallen> {
  const signal = chance.pick(ENDS);
  const moment = chosenMoment(stage, world, chance);
  const first = world.start(stage);
  await moment.come(first);
  const second = world.start(stage);
  const after = anyMoment(chance);
  await after.come(first);
  const hit = !first.over;
  send(first.pid, signal);
  await endOf(first);
  const ended = await endOf(second);
  const how = `${signal} at ${moment.name} and ${after.name}`;
  if (ended.code !== 0) throw new Error(`${stage.name}, ${how}: the other ended with ${ended.code}: ${ended.stdout}`);
  return { ended, how, hit };
}

/** The contents of the place go onto the disk before, and are what is looked at afterwards. */
async function diskFull(stage: Stage, world: World, { pick, share }: Chance): Promise<Befallen | undefined> {
  const place = pick(stage.places);
  const kilobytes = Math.floor(2 ** (4 + 8 * share()));
  const folder = path.join(world.root, place);
  const words = filling(folder, kilobytes);
  if (words === null) return undefined;
  const ended = await endOf(world.start(stage, words));
  rmSync(folder, { recursive: true, force: true });
  renameSync(`${folder}.after`, folder);
  return { ended, how: `${kilobytes} KB free in ${place}`, hit: ended.code !== 0 };
}

async function closed(stage: Stage, world: World, { pick }: Chance): Promise<Befallen | undefined> {
  const place = pick(stage.places);
  const words = readOnly(path.join(world.root, place));
  if (words === null) return undefined;
  const ended = await endOf(world.start(stage, words));
  return { ended, how: place, hit: ended.code !== 0 };
}

async function limited(stage: Stage, world: World, limit: 'n' | 'f', count: number): Promise<Befallen> {
  const ended = await endOf(world.start(stage, limiting(limit, count)));
  return { ended, how: `ulimit -${limit} ${count}`, hit: ended.code !== 0 };
}

async function endOf(running: Running): Promise<Ended> {
  await until('the end of the command', () => running.over, PATIENCE);
  return running.ended;
}
