/**
 * Every stage is disturbed in every way, at moments that a seed chooses: what it wrote is whole or not there, nothing of it runs
 * on, the next run completes, and leaves what a run leaves that nothing disturbed.
 */

import path from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ALL } from '../support/counts.js';
import { sharedFolder } from '../support/folder.js';
import { randomFrom } from '../support/random.js';
import { FAULTS, type Fault } from './faults.js';
import { type Model, makeModel } from './model.js';
import type { Chance } from './moments.js';
import { processesOf, TELLS, until } from './processes.js';
import { STAGES, type Stage } from './stages.js';
import { brokenFile, filesOf } from './whole.js';
import { type Ended, World } from './world.js';

const FEW = 14;
const SEED = Number(process.env.PREDICTABLE_TEST_SEED ?? Date.now() % 1_000_000);
/** Who was told to stop has ten seconds to put things in order. */
const ENDING = 60_000;
/** Told to stop by a signal, and by a failure. */
const CODES = [0, 1, 2, 130];

const folder = sharedFolder('faults');
const references = new Map<Stage, Promise<Reference>>();
const hits = { of: 0, hit: 0 };
let model: Model;

interface Reference {
  root: string;
  files: string[];
  registry: (string | null)[];
  duration: number;
}

beforeAll(async () => {
  model = await makeModel(folder);
});
afterAll(() => {
  model?.close();
  console.info(`seed ${SEED}: ${hits.hit} of ${hits.of} faults came before the end of what they befell`);
});

const random = randomFrom(SEED);
const cases = STAGES.flatMap((stage) =>
  FAULTS.filter(({ only }) => only === undefined || stage[only]).map((fault) => ({
    stage,
    fault,
    seed: Math.floor(random() * 2 ** 32),
  })),
);

test.runIf(TELLS).each(ALL ? cases : drawn(cases, FEW))(
  `seed ${SEED}: $stage.name, $fault.name`,
  async ({ stage, fault, seed }) => {
    const reference = await referenceOf(stage);
    const world = newWorld(stage, fault);
    onTestFinished(() => world.remove());
    const befallen = await fault.befall(stage, world, chanceFrom(seed, reference.duration));
    if (befallen === undefined) return;
    hits.of += 1;
    hits.hit += befallen.hit ? 1 : 0;
    const place = `${stage.name}, ${fault.name}: ${befallen.how} (seed ${SEED})`;
    await mustHaveEnded(world, place);
    mustBeSaid(befallen.ended, place);
    await mustBeWhole(world, stage, reference, place);
    if (befallen.ended.signal === null && fault.name !== 'a full disk')
      expect(world.temporary(), `${place}: temporary folder`).toEqual([]);
    await mustComplete(world, stage, reference, place);
  },
  600_000,
);

test.runIf(TELLS)('most faults came in time', () => {
  expect(hits.hit / hits.of).toBeGreaterThan(0.5);
});

/** The run that nothing disturbs. */
function referenceOf(stage: Stage): Promise<Reference> {
  const known = references.get(stage);
  if (known !== undefined) return known;
  const made = (async () => {
    const world = newWorld(stage);
    const before = stage.registry === undefined ? null : await world.registryState(stage.registry);
    const begun = performance.now();
    const ended = await world.start(stage).ended;
    const duration = performance.now() - begun;
    expect(ended, `${stage.name}, undisturbed`).toMatchObject({ code: 0 });
    const after = stage.registry === undefined ? null : await world.registryState(stage.registry);
    return { root: world.root, files: filesOf(world.root), registry: [before, after], duration };
  })();
  references.set(stage, made);
  return made;
}

function newWorld(stage: Stage, fault?: Fault): World {
  const name = `${stage.name} ${fault?.name ?? 'undisturbed'}`.replaceAll(/[^a-zA-Z]+/g, '-');
  return new World(path.join(folder, name), model.root, model.variables);
}

async function mustHaveEnded(world: World, place: string): Promise<void> {
  await until(`${place}: all ends`, () => processesOf(world.root).length === 0, ENDING).catch((error) => {
    const left = processesOf(world.root).map(({ words }) => words);
    throw new Error(`${error.message}: ${left.join('; ')}`);
  });
}

/** A document in JSON, with an error that says what happened; nothing of who was killed. */
function mustBeSaid({ code, signal, stdout, stderr }: Ended, place: string): void {
  if (signal !== null) {
    expect(['SIGKILL', 'SIGTERM', 'SIGINT'], place).toContain(signal);
    return;
  }
  expect(CODES, `${place}: ${stderr}${stdout}`).toContain(code);
  if (stdout !== '') JSON.parse(stdout);
  expect(`${stdout}${stderr}`, place).not.toMatch(/INTERNAL| {4}at .*:\d+:\d+/);
}

async function mustBeWhole(world: World, stage: Stage, reference: Reference, place: string): Promise<void> {
  const broken = filesOf(world.root).map((file) => brokenFile(file, world.root, model.root, reference.root));
  expect(
    broken.filter((file) => file !== undefined),
    place,
  ).toEqual([]);
  if (stage.registry === undefined) return;
  const state = await world.registryState(stage.registry);
  // A registry that has just been made may be there before what it was made for.
  if (state !== null && reference.registry[0] === null && /models: 0/.test(state)) return;
  expect(reference.registry, place).toContain(state);
}

async function mustComplete(world: World, stage: Stage, reference: Reference, place: string): Promise<void> {
  const again = await world.start(stage).ended;
  const said = `${place}, again: ${again.stderr}${again.stdout}`;
  expect(again.code === 0 || (stage.done !== undefined && again.stdout.includes(`"${stage.done}"`)), said).toBe(true);
  await mustHaveEnded(world, `${place}, again`);
  await mustBeWhole(world, stage, reference, `${place}, again`);
  const kept = (files: string[]) => files.filter((file) => !file.endsWith('.wal'));
  expect(kept(filesOf(world.root)), `${place}, again: files`).toEqual(kept(reference.files));
}

function chanceFrom(seed: number, duration: number): Chance {
  const share = randomFrom(seed);
  return { share, duration, pick: (of) => of[Math.floor(share() * of.length)] as (typeof of)[number] };
}

function drawn<T>(from: T[], count: number): T[] {
  const order = from.map((each) => [random(), each] as const).sort(([a], [b]) => a - b);
  return order.slice(0, count).map(([, each]) => each);
}
