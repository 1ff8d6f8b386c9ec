/** The run's folder while somebody works in it: nobody else does, and what a killed run left half-done is gone. */

import { existsSync } from 'node:fs';
import { lstat, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { takeLock } from '../environments/build-lock.js';
import { PredictableError } from '../errors.js';
import { mustNotBeSpecial } from '../files/ordinary.js';
import { realPath } from '../files/real-path.js';
import { makeFolder } from '../files/write-whole.js';
import { Journal } from './journal.js';
import { type LastRun, readLastRun } from './read-run.js';
import { documentsOf, type RunFolder } from './run-folder.js';

interface Session {
  journal: Journal;
  /** What the folder's last run said of itself, if it came to an end. */
  before: LastRun | undefined;
  close(): Promise<void>;
}

/**
 * `inputs`: the files that the run reads. Throws FILE_EXISTS for a run that is not to be resumed, and for a folder with files
 * that no run made in the places of a run's own; USAGE when a model lies there; RUN_LOCKED while another is at work there.
 */
export async function openRun(folder: RunFolder, resume: boolean, inputs: string[]): Promise<Session> {
  if (!existsSync(folder.journal)) await mustBeFree(folder);
  else if (!resume) {
    throw new PredictableError('FILE_EXISTS', `${folder.root} holds a run already`, {
      hint: 'Go on with it by --resume, or name another folder with -o.',
    });
  }
  await mustStay(folder);
  mustLieElsewhere(inputs, folder);
  await makeFolder(folder.root);
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

/** A run removes and replaces what lies in its places: where there is no journal, none of it is a run's. */
async function mustBeFree(folder: RunFolder): Promise<void> {
  for (const place of [folder.models, folder.evidence, ...documentsOf(folder)]) {
    const status = await stat(place).catch(() => null);
    if (status === null || (status.isDirectory() && (await readdir(place)).length === 0)) continue;
    throw new PredictableError('FILE_EXISTS', `${place} is there already, and no run made it`, {
      hint: 'Nothing was changed. Name another folder with -o.',
      details: { path: place },
    });
  }
}

/** A link in a run's place would have results written wherever it leads, and a pipe would never give any. */
async function mustStay({ models, evidence, scratch, journal, lock, results }: RunFolder): Promise<void> {
  for (const place of [models, evidence, scratch, journal, lock, results]) {
    await mustNotBeSpecial(place);
    if ((await lstat(place).catch(() => null))?.isSymbolicLink() !== true) continue;
    throw new PredictableError('USAGE', `${place} is a link, and a run keeps its files in its own folder`, {
      hint: 'Nothing was changed. Take the link away, or name another folder with -o.',
    });
  }
}

function mustLieElsewhere(inputs: string[], folder: RunFolder): void {
  const own = new Set([folder.models, folder.evidence].map(realPath));
  for (const place of new Set(inputs.map((input) => path.dirname(path.resolve(input))))) {
    if (!own.has(realPath(place))) continue;
    throw new PredictableError('USAGE', `${place} holds models that are read, and is where results would go`, {
      hint: 'Nothing was changed. Name another folder with -o.',
    });
  }
}

async function clearUp(folder: RunFolder): Promise<void> {
  await rm(folder.scratch, { recursive: true, force: true });
  // The results of the run before: what they say is in the journal.
  await rm(folder.results, { force: true });
  for (const kept of [folder.models, folder.evidence, folder.scratch]) await makeFolder(kept);
  for (const kept of [folder.models, folder.evidence]) {
    const halves = (await readdir(kept)).filter((name) => name.endsWith('.tmp'));
    await Promise.all(halves.map((name) => rm(path.join(kept, name), { force: true })));
  }
}
