// Times commands and functions in turn, A B A B …, so that a machine that slows down slows both; medians and ratios.

import { spawnSync } from 'node:child_process';

/** Seconds that a command takes as a whole process; throws when it ends otherwise than with one of the `accepted` codes. */
export function timeCommand([command, ...args], { accepted = [0], ...options } = {}) {
  const started = performance.now();
  const { status, stderr, error } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], ...options });
  const seconds = (performance.now() - started) / 1000;
  if (error || !accepted.includes(status)) throw new Error(`${command} ${args.join(' ')} failed: ${error ?? stderr}`);
  return seconds;
}

/** Runs both `times` times in turn after one run of each that does not count. */
export async function inTurn(ours, theirs, times) {
  const seconds = { ours: [], theirs: [] };
  for (let round = 0; round <= times; round++) {
    const a = await ours();
    const b = await theirs();
    if (round === 0) continue;
    seconds.ours.push(a);
    seconds.theirs.push(b);
  }
  const ratios = seconds.ours.map((value, index) => value / seconds.theirs[index]);
  return {
    ours: median(seconds.ours),
    theirs: median(seconds.theirs),
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
  };
}

export async function timed(work) {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
