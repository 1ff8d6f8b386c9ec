/** How a run of a zoo comes along, wherever somebody looks: at the terminal, and at the page of `--watch`. */

import type { Plan } from '../../batch/plan.js';
import type { ModelResult, Run } from '../../batch/results.js';
import type { RunFolder } from '../../batch/run-folder.js';
import type { Zoo } from '../../batch/zoo/zoo.js';
import type { Output } from '../output.js';
import { printPlan } from '../text/batch.js';
import { batchProgress } from './batch.js';
import { watchRun } from './watch.js';

interface RunProgress {
  onPlan(plan: Plan, run: Run): void;
  onResult(result: ModelResult): void;
  /** The bar goes before anything is said of the run. */
  endBar(): void;
  /** Open pages are told how the run ended. */
  end(run: Run): Promise<void>;
  /** What is left of bar and page when the run came to no end. */
  close(): Promise<void>;
}

/** `memory`: bytes that the process of one conversion may hold. */
export async function runProgress(
  { watch, executor, jobs, memory }: { watch: boolean; memory: number } & Pick<Run, 'executor' | 'jobs'>,
  folder: RunFolder,
  zoo: Zoo,
  output: Output,
): Promise<RunProgress> {
  const bar = batchProgress(output);
  const page = watch ? await watchRun(folder, zoo, { executor, jobs }, output) : undefined;
  return {
    onPlan: (plan, run) => {
      page?.begin(run);
      printPlan(plan, run, memory, output);
      bar.begin(zoo.models.length);
    },
    onResult: (result) => {
      bar.result(result);
      page?.result(result);
    },
    endBar: () => bar.end(),
    end: async (run) => page?.end(run),
    close: async () => {
      bar.end();
      await page?.close();
    },
  };
}
