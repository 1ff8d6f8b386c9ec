/** How a Python environment or a runtime comes along: a bar on a terminal, a few plain lines otherwise; quiet when nothing is built. */

import cliProgress from 'cli-progress';
import type { BuildProgress } from '../../environments/ensure.js';
import type { Output } from '../output.js';

const PHASES: Record<BuildProgress['phase'], string> = {
  waiting: 'another process is setting this up; waiting',
  creating: 'creating the environment',
  collecting: 'downloading packages',
  installing: 'installing packages',
  preparing: 'preparing packages',
  ready: 'environment ready',
  fetching: 'fetching',
  fetched: 'fetched',
};

export function buildProgress(output: Output): (progress: BuildProgress) => void {
  if (output.options.quiet) return () => {};
  return process.stderr.isTTY ? drawBar() : plainLines(output);
}

function drawBar(): (progress: BuildProgress) => void {
  const bar = new cliProgress.SingleBar(
    {
      format: '{phase} {bar} {value}/{total} {package}',
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
    },
    cliProgress.Presets.shades_classic,
  );
  let drawn = false;
  return ({ phase, done, total, package: name = '' }) => {
    const payload = { phase: PHASES[phase], package: name };
    if (phase === 'ready' || phase === 'fetched') {
      bar.stop();
      drawn = false;
      process.stderr.write(`${sentence(phase, name)}\n`);
      return;
    }
    if (!drawn) bar.start(Math.max(total, 1), done, payload);
    drawn = true;
    bar.setTotal(Math.max(total, 1));
    bar.update(done, payload);
  };
}

function plainLines(output: Output): (progress: BuildProgress) => void {
  let last: string | undefined;
  return ({ phase, total, package: name = '' }) => {
    const said = sentence(phase, name);
    if (said === last) return;
    last = said;
    const packages = phase === 'collecting' && total > 0 ? ` (${total})` : '';
    output.note(`${said}${packages}${phase === 'ready' || phase === 'fetched' ? '' : ' …'}`);
  };
}

/** Packages of an environment come and go too fast for a line each; a runtime is one. */
function sentence(phase: BuildProgress['phase'], name: string): string {
  return phase === 'fetching' || phase === 'fetched' ? `${PHASES[phase]} ${name}` : PHASES[phase];
}
