/** `batch --watch`: the page of a run while it goes on. */

import type { ModelResult, Run } from '../../batch/results.js';
import type { RunFolder } from '../../batch/run-folder.js';
import { begun } from '../../batch/unstarted.js';
import type { Zoo } from '../../batch/zoo/zoo.js';
import type { Output } from '../output.js';

interface WatchedRun {
  /** The run is planned. */
  begin(run: Run): void;
  result(result: ModelResult): void;
  /** Open pages are told, and go on without us. */
  end(run: Run): Promise<void>;
  /** What is left of the page when the run came to no end. */
  close(): Promise<void>;
}

/** Says where the page is; it is there before the run is planned. */
export async function watchRun(
  folder: RunFolder,
  zoo: Zoo,
  plan: Pick<Run, 'executor' | 'jobs'>,
  output: Output,
): Promise<WatchedRun> {
  const { serveLive } = await import('../../report/live.js');
  const total = zoo.models.length;
  let run = begun(zoo, plan);
  let start = performance.now();
  let told = 0;
  let done = 0;
  const page = await serveLive({ folder, run: () => run, results: () => [] });
  output.note(`watch it: ${page.url}`);
  return {
    begin: (planned) => {
      run = planned;
      start = performance.now();
    },
    result: (result) => {
      told++;
      if (result.attempts > 0) done++;
      page.result(result);
      // What an earlier run had done says nothing about the time of the others.
      const left = done === 0 ? undefined : ((performance.now() - start) / done) * (total - told);
      page.progress({ done: told, total, left });
    },
    end: (ended) => {
      page.end(ended);
      return page.close();
    },
    close: () => page.close(),
  };
}
