import { existsSync } from 'node:fs';
import type { clusterFor } from '../../../batch/ray/cluster.js';
import type { RayExecutor } from '../../../batch/ray/ray-executor.js';
import { readOptions } from '../../../convert/options/conversion-options.js';
import { wholeNumber } from '../../../convert/options/text.js';
import { forShell } from '../../../shell.js';
import { DEFAULT_TARGET } from '../../../targets/targets.js';
import { CONVERSION } from '../../arguments/conversion.js';
import { ENVIRONMENT, SAMPLE_REGISTRY, TRUST, withExamples } from '../../arguments/options.js';
import { bytes, trustOptions } from '../../arguments/parse.js';
import { privateKey } from '../../arguments/signing.js';
import { withConverters } from '../../arguments/with-converters.js';
import { withRegister } from '../../arguments/with-register.js';
import { type CommandContext, defineCommand } from '../../command.js';
import { EXIT, exitCodeOfResults } from '../../exit-codes.js';

export const batch = defineCommand('batch', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('zoo', { type: 'string', demandOption: true, describe: 'a folder of models, or a zoo.yaml' })
        .options({
          output: { type: 'string', alias: 'o', default: 'run', describe: "the run's folder" },
          resume: {
            type: 'boolean',
            default: false,
            describe: 'go on with the run in that folder: only what is missing or has changed',
          },
          jobs: { type: 'number', describe: 'models at a time (default: as cores and memory allow)' },
          memory: { type: 'string', describe: 'what the process of one model may hold, like 2GB (default: its share)' },
          executor: { choices: ['local', 'ray'] as const, default: 'local' as const, describe: 'where converters run' },
          'ray-address': { type: 'string', describe: 'of a Ray cluster (default: one is started here)' },
          'allow-outside': {
            type: 'boolean',
            default: false,
            describe: 'let a zoo.yaml name files outside of its folder, and links that lead there',
          },
          'sign-key': { type: 'string', describe: 'private key (PEM) that signs each model', group: 'Trust:' },
          watch: { type: 'boolean', default: false, describe: 'a page of the run, on a loopback address' },
        })
        .options(CONVERSION)
        .options(SAMPLE_REGISTRY)
        .options({
          register: {
            type: 'boolean',
            default: false,
            describe: 'put what is verified into the registry',
            group: 'Registry:',
          },
          init: {
            type: 'boolean',
            default: false,
            describe: 'create the registry’s tables on the server when they are missing',
            group: 'Registry:',
          },
        })
        .options(TRUST)
        .options(ENVIRONMENT),
      [
        ['batch models/ --trust-lock trust.lock -o run', 'a folder, with reviewed pickles'],
        ['batch zoo.yaml -o run --resume', 'only what is missing or has changed since'],
        ['batch models/ -o run --register --registry duckdb:models.duckdb', 'and register what is verified'],
        ['batch zoo.yaml -o run --executor ray --ray-address 10.0.0.5:6379', 'on a cluster'],
      ],
    ),
  handler: async (args, context) => {
    const { output, signal } = context;
    const [{ capacity, limitsOf }, { askRegistry }, { runFolder }] = await Promise.all([
      import('../../../batch/capacity.js'),
      import('../../arguments/sample.js'),
      import('../../../batch/run-folder.js'),
    ]);
    const here = capacity({ jobs: wholeNumber('--jobs', args.jobs), memory: bytes('--memory', args.memory) });
    const { jobs, memory } = here;
    // Before anything is asked or converted: a key that is none ends the run at once.
    const signKey = args.signKey === undefined ? undefined : await privateKey(args.signKey);
    const { sample, engine } = await askRegistry({ ...args, signal });
    const folder = runFolder(args.output);
    const { python, wheel: wheels, requirements, keepUnverified } = args;
    const cluster = args.executor === 'ray' ? await rayCluster({ ...args, jobs, wheels }, context) : undefined;
    return withConverters({ ...args, jobs, executor: cluster }, context, async (converters) => {
      const [{ readZoo }, { runBatch }, { runProgress }, { printBatch, resumeCommand }] = await Promise.all([
        import('../../../batch/zoo/read-zoo.js'),
        import('../../../batch/run.js'),
        import('../../progress/run.js'),
        import('../../text/batch.js'),
      ]);
      const defaults = { ...readOptions(args), target: args.target ?? engine ?? DEFAULT_TARGET, sample };
      const zoo = await readZoo(args.zoo, converters.manifests, defaults, args);
      const progress = await runProgress({ ...args, jobs, memory }, folder, zoo, output);
      try {
        const { document, unchanged } = await withRegister(args, context, (register) =>
          runBatch(zoo, converters, {
            ...limitsOf(here, cluster),
            folder,
            resume: args.resume,
            executor: args.executor,
            trust: trustOptions(args),
            settings: { keepUnverified, wheels, requirements, python, signKey },
            register,
            onPlan: progress.onPlan,
            onResult: progress.onResult,
            signal,
          }),
        );
        progress.endBar();
        if (!unchanged || !existsSync(folder.page)) {
          const { writeOutputs } = await import('../../../report/write-outputs.js');
          await writeOutputs(folder, document, zoo.root);
        }
        const { run, results } = document;
        await progress.end(run);
        output.document({ run, results });
        printBatch(document, output);
        output.next(forShell(folder.page));
        if (run.finished) return exitCodeOfResults(results);
        output.note(`interrupted; go on with: ${resumeCommand(process.argv.slice(2))}`);
        return EXIT.interrupted;
      } finally {
        await progress.close();
      }
    });
  },
});

async function rayCluster(
  args: Omit<Parameters<typeof clusterFor>[0], 'onProgress' | 'signal'> & { rayAddress?: string | undefined },
  { output, signal }: CommandContext,
): Promise<RayExecutor> {
  const [{ clusterFor }, { buildProgress }] = await Promise.all([
    import('../../../batch/ray/cluster.js'),
    import('../../progress/build.js'),
  ]);
  const { rayAddress: address, ...options } = args;
  const onProgress = buildProgress(output);
  return clusterFor({ ...options, address, onProgress, signal });
}
