/** How much a machine takes on at a time. */

import { availableParallelism } from 'node:os';

export interface Capacity {
  /** Models at a time. */
  jobs: number;
  /** Bytes that the process of one conversion may hold. */
  memory: number;
  /** Environments whose interpreters are kept warm at a time. */
  environments: number;
}

/** What a conversion needs to be worth starting: the largest frameworks hold half of it before they see a model. */
const LEAST = 1.5 * 2 ** 30;

/** Left to the system, to Node and to the runtimes that verify. */
const SHARE = 0.75;

const MOST_ENVIRONMENTS = 3;

/** `memory` in bytes; of the container, where there is one with a limit. Both are only bounds when the user gives them. */
export function capacity(given: { jobs?: number | undefined; memory?: number | undefined }): Capacity {
  const free = process.availableMemory() * SHARE;
  const fitting = Math.max(1, Math.floor(free / (given.memory ?? LEAST)));
  const jobs = given.jobs ?? Math.min(availableParallelism(), fitting);
  const memory = given.memory ?? Math.max(LEAST, Math.floor(free / jobs));
  return { jobs, memory, environments: Math.min(MOST_ENVIRONMENTS, Math.max(1, Math.floor(fitting / jobs))) };
}
