/** The commands about what is installed: setup, doctor, converters. */

import { defineCommand } from '../command.js';
import { EXIT } from '../exit-codes.js';
import { ENVIRONMENT, REGISTRY, withExamples } from '../options.js';
import { count, table } from '../output.js';

export const setup = defineCommand({
  builder: (yargs) =>
    withExamples(
      yargs
        .positional('converter', { type: 'string', array: true, default: [], describe: 'ids of converters' })
        .options({
          all: { type: 'boolean', default: false, describe: 'every converter' },
          download: {
            type: 'string',
            describe: 'fill this folder with wheels instead, for machines without a network',
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
  handler: async (args, { output, signal }) => {
    const [{ chosenManifests }, { ensureEnvironment }, { downloadWheels }, { buildProgress }] = await Promise.all([
      import('../../environments/survey.js'),
      import('../../environments/ensure.js'),
      import('../../environments/download.js'),
      import('../build-progress.js'),
    ]);
    const manifests = await chosenManifests(args.converter, args.all);
    const { python, wheelhouse, wheel: wheels, requirements, download } = args;
    const onProgress = buildProgress(output);
    const results = [];
    for (const manifest of manifests) {
      if (download !== undefined) {
        const { folder, files, interpreter } = await downloadWheels(manifest, download, { python, onProgress, signal });
        results.push({ converter: manifest.id, folder, files, python: interpreter.version });
        output.line(
          `${output.style('green', '✓')} ${manifest.title}: ${count(files.length)} wheels for Python ${interpreter.version} in ${download}`,
        );
      } else {
        const environment = await ensureEnvironment(manifest, {
          python,
          wheelhouse,
          wheels,
          requirements,
          onProgress,
          signal,
        });
        results.push({
          converter: manifest.id,
          folder: environment.folder,
          built: environment.built,
          python: environment.interpreter.version,
        });
        output.line(
          `${output.style('green', '✓')} ${manifest.title}: ${environment.name} environment ${environment.built ? 'built' : 'ready'}, Python ${environment.interpreter.version}`,
        );
      }
    }
    output.document({ results });
    return EXIT.done;
  },
});

export const converters = defineCommand({
  builder: (yargs) => withExamples(yargs, [['converters', '']]),
  handler: async (_args, { output }) => {
    const { surveyConverters } = await import('../../environments/survey.js');
    const results = await surveyConverters();
    output.document({ results });
    const rows = results.flatMap(({ id, formats, environment, state }) =>
      formats.map(({ title, extensions, loading }) => [
        id,
        title,
        extensions.join(' '),
        loading === 'safe' ? 'safe' : 'needs trust',
        `${environment}: ${state}`,
      ]),
    );
    for (const line of table(['CONVERTER', 'FORMAT', 'FILES', 'LOADING', 'ENVIRONMENT'], rows)) output.line(line);
    return EXIT.done;
  },
});

export const doctor = defineCommand({
  builder: (yargs) =>
    withExamples(yargs.options(REGISTRY), [
      ['doctor', ''],
      ['doctor --registry mssql://ml@edge.plant.example/ml', 'what that server can do'],
    ]),
  handler: async (args, { output, signal }) => {
    const [{ diagnose }, { passwordAsker }] = await Promise.all([
      import('../../doctor/diagnose.js'),
      import('../password.js'),
    ]);
    const findings = await diagnose(args.registry, { ask: passwordAsker(args.passwordStdin), signal });
    output.document({ findings });
    const rows = findings.map(({ part, state, detail, hint }) => [
      state === 'ok' ? '✓' : state === 'optional' ? '·' : '✗',
      part,
      detail,
      hint ?? '',
    ]);
    for (const line of table(['', 'WHAT', 'FOUND', 'HOW TO GET IT'], rows)) output.line(line);
    return findings.some(({ state }) => state === 'missing') ? EXIT.failed : EXIT.done;
  },
});
