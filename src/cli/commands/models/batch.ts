import { existsSync } from 'node:fs';
import type { RayExecutor } from '../../../batch/ray/ray-executor.js';
import { wholeNumber } from '../../../convert/option-text.js';
import { PredictableError } from '../../../errors.js';
import { CONVERSION, conversionOptions } from '../../arguments/conversion.js';
import { ENVIRONMENT, REGISTRY, SAMPLE_REGISTRY, TRUST, withExamples } from '../../arguments/options.js';
import { bytes, trustOptions } from '../../arguments/parse.js';
import { withConverters } from '../../arguments/with-converters.js';
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
    const [{ capacity }, { askRegistry }, { runFolder }] = await Promise.all([
      import('../../../batch/capacity.js'),
      import('../../arguments/sample.js'),
      import('../../../batch/run-folder.js'),
    ]);
    const given = { jobs: wholeNumber('--jobs', args.jobs), memory: bytes('--memory', args.memory) };
    const { jobs, memory, environments } = capacity(given);
    const { sample, engine } = await askRegistry({ ...args, signal });
    const folder = runFolder(args.output);
    const ray = await rayExecutor(args, jobs, context);
    return withConverters({ ...args, jobs, executor: ray }, context, async (converters) => {
      const [{ readZoo }, { runBatch }, { batchProgress }, { printBatch, printPlan }] = await Promise.all([
        import('../../../batch/zoo/read-zoo.js'),
        import('../../../batch/run.js'),
        import('../../progress/batch.js'),
        import('../../text/batch.js'),
      ]);
      const zoo = await readZoo(args.zoo, converters.manifests, {
        target: args.target ?? engine ?? 'sql-edge',
        sample,
        ...conversionOptions(args),
      });
      const progress = batchProgress(output);
      const watched = args.watch
        ? await (await import('../../progress/watch.js')).watchRun(
            folder,
            zoo,
            { executor: args.executor, jobs },
            output,
          )
        : undefined;
      const { python, wheel: wheels, requirements, keepUnverified } = args;
      try {
        const { document, unchanged } = await withRegister(args, context, (register) =>
          runBatch(zoo, converters, {
            folder,
            resume: args.resume,
            executor: args.executor,
            jobs,
            // While some are normalised and verified here, the interpreters go on with others.
            slots: async () => (ray === undefined ? jobs + 1 : 2 * (await ray.capacity())),
            // Ray ends a worker to start one of another environment: taking turns, none would stay warm.
            environments: ray === undefined ? environments : 1,
            memory,
            trust: trustOptions(args),
            settings: { keepUnverified, wheels, requirements, python },
            register,
            onPlan: (plan, run) => {
              watched?.begin(run);
              printPlan(plan, run, memory, output);
              progress.begin(zoo.models.length);
            },
            onResult: (result) => {
              progress.result(result);
              watched?.result(result);
            },
            signal,
          }),
        );
        progress.end();
        if (!unchanged || !existsSync(folder.page)) {
          const { writeOutputs } = await import('../../../report/write-outputs.js');
          await writeOutputs(folder, document, zoo.root);
        }
        const { run, results } = document;
        await watched?.end(run);
        output.document({ run, results });
        printBatch(document, output);
        output.next(folder.page);
        if (run.finished) return exitCodeOfResults(results);
        output.note(`interrupted; go on with: ${again()}`);
        return EXIT.interrupted;
      } finally {
        progress.end();
        await watched?.close();
      }
    });
  },
});

/** Undefined where converters run on this machine. */
async function rayExecutor(
  {
    executor,
    rayAddress: address,
    python,
    wheelhouse,
    wheel,
    requirements,
  }: {
    executor: 'local' | 'ray';
    rayAddress?: string | undefined;
    python?: string | undefined;
    wheelhouse?: string | undefined;
    wheel?: string[] | undefined;
    requirements?: string | undefined;
  },
  jobs: number,
  { output, signal }: CommandContext,
): Promise<RayExecutor | undefined> {
  if (executor === 'local') return undefined;
  if (wheel !== undefined || requirements !== undefined) {
    throw new PredictableError('USAGE', '--wheel and --requirements are not taken to a Ray cluster', {
      hint: 'Convert the models that need your own packages with --executor local.',
    });
  }
  const [{ RayExecutor }, { buildProgress }] = await Promise.all([
    import('../../../batch/ray/ray-executor.js'),
    import('../../progress/build.js'),
  ]);
  return new RayExecutor({ address, jobs, python, wheelhouse, onProgress: buildProgress(output), signal });
}

type Register = Awaited<ReturnType<typeof import('../../../batch/registering.js').registering>>;

/** The registry is only opened when it is needed, and then for the whole run. */
async function withRegister<T>(
  args: { register: boolean; init: boolean; registry?: string | undefined; passwordStdin: boolean },
  { output, signal }: CommandContext,
  work: (register: Register | undefined) => Promise<T>,
): Promise<T> {
  if (!args.register) return work(undefined);
  const [{ withRegistry }, { readyToWrite }, { registering }] = await Promise.all([
    import('../../arguments/with-registry.js'),
    import('../../text/initialization.js'),
    import('../../../batch/registering.js'),
  ]);
  const { registry = REGISTRY.registry.default, passwordStdin } = args;
  return withRegistry({ registry, passwordStdin, signal }, 'write', async (opened) => {
    await readyToWrite(opened, args.init, output);
    return work(await registering(opened));
  });
}

/** The command as it was given, to go on with. */
function again(): string {
  const given = process.argv
    .slice(2)
    .map((argument) => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : JSON.stringify(argument)));
  return ['predictable', ...given, ...(given.includes('--resume') ? [] : ['--resume'])].join(' ');
}
