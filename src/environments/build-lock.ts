/** One builder at a time for each environment, across processes, and never a wait for somebody who is dead. */

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { PredictableError } from '../errors.js';
import { named } from '../files/named.js';

const ownerSchema = z.object({ id: z.string(), pid: z.number(), host: z.string(), started: z.string().nullable() });
type Owner = z.infer<typeof ownerSchema>;

/** A living owner touches the lock this often… */
const HEARTBEAT = 2_000;
/** …so after this long without it the owner is gone or stopped, on whatever machine. */
const SILENCE = 60_000;
const POLL = 150;

interface WaitOptions {
  /** Whether waiting has become needless. */
  isDone: () => Promise<boolean>;
  onWaiting?: (() => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Takes the lock and resolves to its release; undefined when the owner has finished what we wanted meanwhile. */
export async function takeLock(file: string, options: WaitOptions): Promise<(() => Promise<void>) | undefined> {
  const owner: Owner = { id: randomUUID(), pid: process.pid, host: hostname(), started: startOf(process.pid) };
  for (;;) {
    if (await create(file, owner)) return hold(file, owner);
    if (await isAbandoned(file)) continue;
    options.onWaiting?.();
    await sleep(POLL, undefined, options.signal === undefined ? {} : { signal: options.signal }).catch(() => undefined);
    if (options.signal?.aborted || (await options.isDone())) return undefined;
  }
}

async function create(file: string, owner: Owner): Promise<boolean> {
  const handle = await named(file, () => open(file, 'wx')).catch((error: unknown) => {
    if (error instanceof PredictableError && error.code === 'FILE_EXISTS') return undefined;
    throw error;
  });
  if (handle === undefined) return false;
  try {
    await named(file, () => handle.writeFile(JSON.stringify(owner)));
    return true;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

function hold(file: string, owner: Owner): () => Promise<void> {
  const beat = setInterval(() => {
    const now = new Date();
    // Somebody who took us for dead has it now; the rename at the end of a build decides then.
    utimes(file, now, now).catch(() => clearInterval(beat));
  }, HEARTBEAT);
  beat.unref();
  return async () => {
    clearInterval(beat);
    if ((await readOwner(file))?.id === owner.id) await rm(file, { force: true });
  };
}

/** Removes the lock of an owner who is gone. True when there is none any more, or it is worth another look at once. */
export async function isAbandoned(file: string): Promise<boolean> {
  const owner = await readOwner(file);
  const age = await stat(file).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => undefined,
  );
  if (age === undefined) return true;
  const dead = owner !== undefined && owner.host === hostname() && !isRunning(owner);
  if (!dead && age < SILENCE) return false;
  // Of several who see this, one wins the rename; it looks again, for the lock may be a new one by now.
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return true;
  }
  const taken = await readOwner(aside);
  if (taken?.id !== owner?.id) await rename(aside, file);
  else await rm(aside, { force: true });
  return true;
}

/** Undefined when there is no lock, or its owner died before writing who it is. */
async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function isRunning({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  return startOf(pid) === started;
}

/** When a process started, so that a reused process id is not taken for it (Linux). */
function startOf(pid: number): string | null {
  try {
    // The command in parentheses may hold spaces; the start time is the 20th field after it.
    return (
      readFileSync(`/proc/${pid}/stat`, 'latin1')
        .replace(/^.*\) /s, '')
        .split(' ')[19] ?? null
    );
  } catch {
    return null;
  }
}
