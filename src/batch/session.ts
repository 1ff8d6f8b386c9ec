/** The run's folder while somebody works in it: nobody else does, and what a killed run left half-done is gone. */

import { existsSync } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { takeLock } from '../environments/build-lock.js';
import { PredictableError } from '../errors.js';
import { Journal } from './journal.js';
import { type LastRun, readLastRun } from './read-run.js';
import type { RunFolder } from './run-folder.js';

export interface Session {
  journal: Journal;
  /** What the folder's last run said of itself, if it came to an end. */
  before: LastRun | undefined;
  close(): Promise<void>;
}

/** Throws FILE_EXISTS for a run that is not to be resumed, RUN_LOCKED while another is at work there. */
export async function openRun(folder: RunFolder, resume: boolean): Promise<Session> {
  if (existsSync(folder.journal) && !resume) {
    throw new PredictableError('FILE_EXISTS', `${folder.root} holds a run already`, {
      hint: 'Go on with it by --resume, or name another folder with -o.',
    });
  }
  await mkdir(folder.root, { recursive: true });
  const release = await takeLock(folder.lock, { isDone: async () => true });
  if (release === undefined) {
    throw new PredictableError('RUN_LOCKED', `another batch is at work in ${folder.root}`, {
      hint: 'Wait until it has ended, or name another folder with -o.',
    });
  }
  try {
    const before = readLastRun(folder);
    await clearUp(folder);
    const journal = Journal.open(folder);
    return {
      journal,
      before,
      close: async () => {
        journal.close();
        await rm(folder.scratch, { recursive: true, force: true });
        await release();
      },
    };
  } catch (error) {
    await release();
    throw error;
  }
}

async function clearUp(folder: RunFolder): Promise<void> {
  await rm(folder.scratch, { recursive: true, force: true });
  // The results of the run before: what they say is in the journal.
  await rm(folder.results, { force: true });
  for (const kept of [folder.models, folder.evidence, folder.scratch]) await mkdir(kept, { recursive: true });
  for (const kept of [folder.models, folder.evidence]) {
    const halves = (await readdir(kept)).filter((name) => name.endsWith('.tmp'));
    await Promise.all(halves.map((name) => rm(path.join(kept, name), { force: true })));
  }
}
