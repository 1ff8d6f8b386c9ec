/**
 * In which order models are converted: those of one environment share a lane, so that its interpreters stay warm. A free
 * slot goes to the lane that holds fewest, and among those to the one that has used least time, so that quick models do
 * not wait behind slow ones. Few lanes are open at a time, since each holds interpreters in memory.
 */

export interface Lane<T> {
  /** In the order in which they are taken. */
  items: T[];
  /** Makes its environment ready; must not throw. */
  open: () => Promise<void>;
  /** Nothing of it is left to do. */
  close: () => Promise<void>;
}

interface LaneLimits {
  /** Models at a time. */
  slots: number;
  /** Lanes that hold interpreters at a time. */
  open: number;
}

interface State<T> {
  lane: Lane<T>;
  waiting: T[];
  running: number;
  /** Milliseconds that its models took. */
  used: number;
  phase: 'closed' | 'opening' | 'open' | 'done';
}

/**
 * Resolves when every model was worked on, or the signal came and those that were begun have ended. When `work` throws,
 * nothing more is begun, and its error is thrown as soon as the others have ended.
 */
export async function inLanes<T>(
  lanes: Lane<T>[],
  limits: LaneLimits,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal | undefined,
): Promise<void> {
  const states = lanes.map(
    (lane): State<T> => ({ lane, waiting: [...lane.items], running: 0, used: 0, phase: 'closed' }),
  );
  const pending = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const begin = (task: Promise<void>) => {
    const tracked = task
      .catch((error: unknown) => {
        failures.push(error);
      })
      .finally(() => pending.delete(tracked));
    pending.add(tracked);
  };
  for (;;) {
    if (!signal?.aborted && failures.length === 0) {
      for (const state of toOpen(states, limits.open)) begin(open(state));
      for (let next = nextState(states, limits.slots); next !== undefined; next = nextState(states, limits.slots)) {
        begin(run(next, work));
      }
    }
    for (const state of states.filter(isFinished)) {
      state.phase = 'done';
      begin(state.lane.close());
    }
    if (pending.size === 0) break;
    await Promise.race(pending);
  }
  if (failures.length > 0) throw failures[0];
}

function toOpen<T>(states: State<T>[], most: number): State<T>[] {
  const busy = states.filter(({ phase }) => phase === 'opening' || phase === 'open').length;
  return states.filter(({ phase }) => phase === 'closed').slice(0, Math.max(0, most - busy));
}

/** Of the open lanes with models, the one that has least. */
function nextState<T>(states: State<T>[], slots: number): State<T> | undefined {
  if (states.reduce((sum, { running }) => sum + running, 0) >= slots) return undefined;
  return states
    .filter(({ phase, waiting }) => phase === 'open' && waiting.length > 0)
    .sort((a, b) => a.running - b.running || a.used - b.used)[0];
}

function isFinished<T>({ phase, waiting, running }: State<T>): boolean {
  return phase === 'open' && waiting.length === 0 && running === 0;
}

async function open<T>(state: State<T>): Promise<void> {
  state.phase = 'opening';
  await state.lane.open();
  state.phase = 'open';
}

/** The count goes up before anything is awaited, so that the slot is taken at once. */
function run<T>(state: State<T>, work: (item: T) => Promise<void>): Promise<void> {
  const item = state.waiting.shift() as T;
  state.running++;
  const begun = performance.now();
  return work(item).finally(() => {
    state.running--;
    state.used += performance.now() - begun;
  });
}
