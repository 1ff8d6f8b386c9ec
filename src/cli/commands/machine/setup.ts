/** Builds the Python environments of converters and fetches the runtimes, or fills a folder for machines without a network. */

import type { BuildProgress } from '../../../environments/ensure.js';
import type { ChosenEnvironment } from '../../../environments/requested.js';
import { PredictableError } from '../../../errors.js';
import { ENVIRONMENT, withExamples } from '../../arguments/options.js';
import { type CommandContext, defineCommand } from '../../command.js';
import { EXIT } from '../../exit-codes.js';
import { count } from '../../output.js';

export const setup = defineCommand('setup', {
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('converter', { type: 'string', array: true, default: [], describe: 'ids of converters' })
        .options({
          all: {
            type: 'boolean',
            default: false,
            describe: 'every environment, also those for files of older versions',
          },
          environment: {
            type: 'string',
            array: true,
            default: [],
            describe: "environments by name, where the converter's first is not meant",
          },
          download: {
            type: 'string',
            describe: 'fill this folder with wheels and runtimes instead, for machines without a network',
          },
        })
        .conflicts('download', 'wheelhouse')
        .options(ENVIRONMENT),
      [
        ['setup sklearn', ''],
        ['setup --all --download wheels', 'on a connected machine'],
        ['setup --all --wheelhouse wheels', 'on one that is not'],
      ],
    ),
  handler: async (args, context) => {
    const [{ chosenEnvironments }, { buildProgress }] = await Promise.all([
      import('../../../environments/requested.js'),
      import('../../progress/build.js'),
    ]);
    const { output } = context;
    const { converter: ids, environment: environments, all } = args;
    const onProgress = buildProgress(output);
    const results = [];
    for (const chosen of await chosenEnvironments({ converters: ids, environments, all })) {
      try {
        results.push(await setUp(chosen, args, { ...context, onProgress }));
      } catch (error) {
        // Of all that there are, those go without for which this machine has no Python; one that was named may not.
        if (!all || !(error instanceof PredictableError && error.code === 'PYTHON_NOT_FOUND')) throw error;
        const { name } = chosen.environment;
        results.push({ converter: chosen.manifest.id, environment: name, error: error.toJSON() });
        output.paragraph(`${output.style('red', '✗')} ${error.message}`);
      }
    }
    const runtimes = await setUpRuntimes(args, { ...context, onProgress });
    output.document({ results, runtimes });
    return results.some((result) => 'error' in result) ? EXIT.failed : EXIT.done;
  },
});

interface SetUpArguments {
  python?: string | undefined;
  wheelhouse?: string | undefined;
  wheel?: string[] | undefined;
  requirements?: string | undefined;
  download?: string | undefined;
}

/** Builds an environment, or downloads what it is built from, and says so. */
async function setUp(
  { manifest, environment }: ChosenEnvironment,
  { python, wheelhouse, wheel: wheels, requirements, download }: SetUpArguments,
  { output, signal, onProgress }: CommandContext & { onProgress: (progress: BuildProgress) => void },
) {
  const [{ environmentOf }, { ensureEnvironment }, { downloadWheels }] = await Promise.all([
    import('../../../converters/manifest.js'),
    import('../../../environments/ensure.js'),
    import('../../../environments/download.js'),
  ]);
  const whole = environmentOf(manifest, environment);
  const done = `${output.style('green', '✓')} ${manifest.title}:`;
  if (download !== undefined) {
    const { folder, files, interpreter } = await downloadWheels(whole, download, { python, onProgress, signal });
    output.line(
      `${done} ${count(files.length)} wheels for the ${environment.name} environment, Python ${interpreter.version}, in ${download}`,
    );
    return { converter: manifest.id, environment: environment.name, folder, files, python: interpreter.version };
  }
  const options = { python, wheelhouse, wheels, requirements, onProgress, signal };
  const { name, folder, built, interpreter } = await ensureEnvironment(whole, options);
  output.line(`${done} ${name} environment ${built ? 'built' : 'ready'}, Python ${interpreter.version}`);
  return { converter: manifest.id, environment: name, folder, built, python: interpreter.version };
}

/** The runtimes that Node loads belong to every converter: without them nothing is verified or scored. */
async function setUpRuntimes(
  { wheelhouse, download }: SetUpArguments,
  { output, signal, onProgress }: CommandContext & { onProgress: (progress: BuildProgress) => void },
) {
  const [{ downloadRuntimes }, { ensureRuntime }, { NODE_RUNTIMES }] = await Promise.all([
    import('../../../runtimes/download.js'),
    import('../../../runtimes/ensure.js'),
    import('../../../runtimes/manifest.js'),
  ]);
  const done = (version: string) => `${output.style('green', '✓')} ONNX Runtime ${version}`;
  if (download !== undefined) {
    const downloaded = await downloadRuntimes(download, { onProgress, signal });
    for (const { version } of downloaded) output.line(`${done(version)} in ${download}`);
    return downloaded.map(({ version, folder, file }) => ({ runtime: version, folder, file }));
  }
  const runtimes = [];
  for (const version of NODE_RUNTIMES) {
    const { folder, fetched } = await ensureRuntime(version, { wheelhouse, onProgress, signal });
    output.line(`${done(version)} ${fetched ? 'fetched' : 'ready'}`);
    runtimes.push({ runtime: version, folder, fetched });
  }
  return runtimes;
}
