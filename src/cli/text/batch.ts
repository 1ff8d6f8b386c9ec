/** A run of a zoo in words: what there is to do, and what came of it. */

import type { Plan } from '../../batch/plan.js';
import type { BatchDocument, Run } from '../../batch/results.js';
import { quotedForShell } from '../../shell.js';
import { beforeDashes } from '../after-dashes.js';
import { count, type Output, plural } from '../output.js';
import { failuresByCode } from './conversion.js';

const STATES = { ready: 'ready', 'not built': 'to be built', 'no interpreter': 'no Python for it here' } as const;

/** Before the work begins: models by environment, and what has to be built. */
export function printPlan(
  { done, refused, lanes }: Plan,
  { jobs, executor, totals }: Run,
  memory: number,
  output: Output,
): void {
  const gigabytes = `${(memory / 2 ** 30).toFixed(1)} GB`;
  const where = executor === 'ray' ? 'on Ray' : `${count(jobs)} at a time, up to ${gigabytes} each`;
  output.note(
    `${plural(totals.models, 'model')}${done.length > 0 ? `, ${count(done.length)} known from before` : ''}; ${where}`,
  );
  for (const { environment, state, models } of lanes) {
    output.note(
      `  ${count(models.length).padStart(5)}  ${environment.name}${executor === 'ray' ? '' : ` (${STATES[state]})`}`,
    );
  }
  if (refused.length > 0) output.note(`  ${count(refused.length).padStart(5)}  no model that can be read`);
}

export function printBatch({ run, results }: BatchDocument, output: Output): void {
  const { models, converted, cached, failed, skipped } = run.totals;
  const parts = [
    `${count(converted)} converted`,
    ...(cached > 0 ? [`${count(cached)} cached`] : []),
    `${count(failed)} failed`,
    ...(skipped > 0 ? [`${count(skipped)} not done`] : []),
  ];
  output.line(`${plural(models, 'model')}: ${parts.join(', ')}   ${duration(run.seconds)}`);
  for (const line of failuresByCode(results)) output.line(line);
  const registered = results.filter((result) => result.registered !== undefined);
  if (registered.length > 0) {
    const fresh = registered.filter((result) => result.registered?.created).length;
    output.line(
      `${plural(fresh, 'new version')} in ${registered[0]?.registered?.registry}, ${count(registered.length - fresh)} there already`,
    );
  }
}

/** `argv`: the command as it was given; what goes on with its run. */
export function resumeCommand(argv: string[]): string {
  const options = beforeDashes(argv);
  const given = options.includes('--resume') ? argv : [...options, '--resume', ...argv.slice(options.length)];
  return ['predictable', ...given.map(quotedForShell)].join(' ');
}

/** 372 as `6 min 12 s`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return seconds < 10 ? `${seconds.toFixed(1)} s` : `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
