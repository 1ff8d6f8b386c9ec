/** Tries again, with a growing pause, what failed for a moment: a deadlock, a busy server, two at the same key, a connection that was lost. */

import { setTimeout as sleep } from 'node:timers/promises';
import { isDuplicate, isLost, isTransient } from './errors.js';

const ATTEMPTS = 5;
/** Milliseconds before the second attempt; each further pause is twice as long, give or take half of it. */
const FIRST_PAUSE = 50;

/** `attempt` must leave nothing behind when it fails. Throws the last error. */
export async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (count === ATTEMPTS || !(isTransient(error) || isLost(error) || isDuplicate(error))) throw error;
      // Two clients that met in a deadlock must not meet again.
      await sleep(FIRST_PAUSE * 2 ** (count - 1) * (0.5 + Math.random()));
    }
  }
}
