/** How a run of a zoo comes along: a bar with counts, rate and what is left on a terminal; otherwise a line a model. */

import cliProgress from 'cli-progress';
import type { ModelResult, Totals } from '../../batch/results.js';
import { totalsOf } from '../../batch/totals.js';
import { inLine } from '../../report/page/visible.js';
import type { Output } from '../output.js';
import { duration } from '../text/batch.js';

interface BatchProgress {
  /** Models of the whole zoo; those that an earlier run had done are told as results all the same. */
  begin(models: number): void;
  result(result: ModelResult): void;
  end(): void;
}

export function batchProgress(output: Output): BatchProgress {
  if (process.stderr.isTTY && !output.options.quiet) return bar();
  return output.options.quiet || output.options.json ? quiet() : lines(output);
}

function quiet(): BatchProgress {
  return { begin: () => {}, result: () => {}, end: () => {} };
}

/** Cached ones are only counted: nothing was done for them. */
function lines(output: Output): BatchProgress {
  return {
    begin: () => {},
    result: (result) => {
      if (result.status === 'cached' || result.attempts === 0) return;
      output.note(lineOf(result, output));
    },
    end: () => {},
  };
}

function lineOf({ name, status, error, model, bytes, elapsed }: ModelResult, output: Output): string {
  const seconds = `${(elapsed / 1000).toFixed(2)} s`;
  return status === 'failed' && error !== undefined
    ? `${output.style('red', '✗')} ${name}  ${error.code}: ${error.message.split('\n')[0]}`
    : `${output.style('green', '✓')} ${name}  ${model}  ${bytes} bytes  ${seconds}`;
}

function bar(): BatchProgress {
  const drawn = new cliProgress.SingleBar(
    {
      format: '{bar} {value}/{total}{counts}  {rate}  {left}  {name}',
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 24,
      etaBuffer: 50,
    },
    cliProgress.Presets.shades_classic,
  );
  const totals = totalsOf(0, []);
  let told = 0;
  let begun = performance.now();
  let done = 0;
  const payload = (name: string) => {
    const seconds = (performance.now() - begun) / 1000;
    const rate = done / Math.max(seconds, 0.001);
    return {
      counts: counts(totals),
      rate: done === 0 ? '' : `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`,
      left: done === 0 ? '' : `${duration((totals.models - told) / rate)} left`,
      name: inLine(name.length > 30 ? `${name.slice(0, 29)}…` : name),
    };
  };
  return {
    begin: (total) => {
      totals.models = total;
      begun = performance.now();
      drawn.start(total, 0, payload(''));
    },
    result: (result) => {
      totals[result.status]++;
      told++;
      if (result.attempts > 0) done++;
      drawn.update(told, payload(result.name));
    },
    end: () => drawn.stop(),
  };
}

function counts({ failed, cached }: Totals): string {
  return `${cached > 0 ? `  ${cached} cached` : ''}${failed > 0 ? `  ${failed} failed` : ''}`;
}
