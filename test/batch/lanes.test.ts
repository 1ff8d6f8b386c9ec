import { describe, expect, it } from 'vitest';
import { inLanes, type Lane } from '../../src/batch/lanes.js';

interface Task {
  name: string;
  begin: () => void;
  end: () => void;
  done: Promise<void>;
}

/** Tasks end when the test says so: nothing here depends on how fast a machine is. */
function task(name: string): Task {
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { name, begin: () => {}, end, done };
}

function lane(items: Task[], hooks: Partial<Lane<Task>> = {}): Lane<Task> {
  return { items, open: async () => {}, close: async () => {}, ...hooks };
}

/** Lets everything that can go on go on. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('inLanes', () => {
  it('never works on more than it has slots for, and on everything in the end', async () => {
    const tasks = Array.from({ length: 20 }, (_, index) => task(`m${index}`));
    let running = 0;
    let most = 0;
    const all = inLanes([lane(tasks.slice(0, 12)), lane(tasks.slice(12))], { slots: 3, open: 2 }, async ({ done }) => {
      most = Math.max(most, ++running);
      await done;
      running--;
    });
    for (const { end } of tasks) {
      await settle();
      end();
    }
    await all;
    expect(most).toBe(3);
    expect(running).toBe(0);
  });

  it('gives a quick lane a slot while a slow one holds the other for as long as it likes', async () => {
    const slow = [task('slow1'), task('slow2'), task('slow3')];
    const quick = Array.from({ length: 5 }, (_, index) => task(`quick${index}`));
    for (const { end } of quick) end();
    const finished: string[] = [];
    const all = inLanes([lane(slow), lane(quick)], { slots: 2, open: 2 }, async ({ name, done }) => {
      await done;
      finished.push(name);
    });
    for (let turn = 0; turn < 20; turn++) await settle();
    expect(finished).toEqual(['quick0', 'quick1', 'quick2', 'quick3', 'quick4']);
    for (const { end } of slow) end();
    await all;
    expect(finished).toHaveLength(8);
  });

  it('holds few lanes open, and closes one before it opens the next', async () => {
    const log: string[] = [];
    const one = (name: string) => {
      const only = task(name);
      only.end();
      return lane([only], {
        open: async () => void log.push(`open ${name}`),
        close: async () => void log.push(`close ${name}`),
      });
    };
    await inLanes([one('a'), one('b'), one('c')], { slots: 4, open: 1 }, async () => {});
    expect(log).toEqual(['open a', 'close a', 'open b', 'close b', 'open c', 'close c']);
  });

  it('begins with the lanes that are open while another is still being built', async () => {
    const building = task('build');
    const ready = task('ready');
    ready.end();
    const late = task('late');
    late.end();
    const finished: string[] = [];
    const all = inLanes(
      [lane([late], { open: () => building.done }), lane([ready])],
      { slots: 1, open: 2 },
      async ({ name }) => void finished.push(name),
    );
    for (let turn = 0; turn < 5; turn++) await settle();
    expect(finished).toEqual(['ready']);
    building.end();
    await all;
    expect(finished).toEqual(['ready', 'late']);
  });

  it('begins nothing more after the signal, and waits for what runs', async () => {
    const tasks = [task('a'), task('b'), task('c')];
    const stop = new AbortController();
    const begun: string[] = [];
    const all = inLanes(
      [lane(tasks)],
      { slots: 1, open: 1 },
      async ({ name, done }) => {
        begun.push(name);
        await done;
      },
      stop.signal,
    );
    await settle();
    stop.abort();
    tasks[0]?.end();
    await all;
    expect(begun).toEqual(['a']);
  });

  it('begins nothing more after a failure, and throws it when the others have ended', async () => {
    const tasks = [task('fails'), task('runs'), task('never')];
    const log: string[] = [];
    const all = inLanes([lane(tasks)], { slots: 2, open: 1 }, async ({ name, done }) => {
      if (name === 'fails') throw new Error('the disk is full');
      await done;
      log.push(name);
    });
    const failed = expect(all).rejects.toThrow('the disk is full');
    await settle();
    tasks[1]?.end();
    await failed;
    expect(log).toEqual(['runs']);
  });
});
