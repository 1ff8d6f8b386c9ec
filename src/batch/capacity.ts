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

/** Bytes of memory below which no conversion is begun: the largest frameworks hold half of it before they see a model. */
const LEAST = 1.5 * 2 ** 30;

/** Of the free memory, the share that conversions get: the rest is for the system, Node and the runtimes that verify. */
const SHARE = 0.75;

const MOST_ENVIRONMENTS = 3;

/** What a run keeps going at a time. */
export interface RunLimits {
  /** Models at a time, as the user counts them. */
  jobs: number;
  /** Models that are begun, so that none of those jobs waits: asked when there is work. */
  slots: () => number | Promise<number>;
  /** Environments that are kept warm at a time. */
  environments: number;
  /** Bytes that the process of one conversion may hold. */
  memory?: number | undefined;
}

/** A cluster that runs converters: how many at a time. */
interface Cluster {
  capacity(): Promise<number>;
}

/**
 * How much this machine, or the container's limit, allows. `jobs` models at a time and `memory` bytes each, where the user
 * says them, are taken as they are.
 */
export function capacity(given: { jobs?: number | undefined; memory?: number | undefined }): Capacity {
  const free = process.availableMemory() * SHARE;
  const fitting = Math.max(1, Math.floor(free / (given.memory ?? LEAST)));
  const jobs = given.jobs ?? Math.min(availableParallelism(), fitting);
  const memory = given.memory ?? Math.max(LEAST, Math.floor(free / jobs));
  return { jobs, memory, environments: Math.min(MOST_ENVIRONMENTS, Math.max(1, Math.floor(fitting / jobs))) };
}

/** `cluster`: where converters run when it is not here. */
export function limitsOf({ jobs, memory, environments }: Capacity, cluster?: Cluster | undefined): RunLimits {
  // While some are normalised and verified here, the interpreters go on with others.
  if (cluster === undefined) return { jobs, memory, environments, slots: () => jobs + 1 };
  // Ray ends a worker to start one of another environment: taking turns, none would stay warm.
  return { jobs, memory, environments: 1, slots: async () => 2 * (await cluster.capacity()) };
}
