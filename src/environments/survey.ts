/** The converters and the state of their environments; builds nothing. */

import {
  type ConverterEnvironment,
  type ConverterManifest,
  environmentOf,
  type ModelFormat,
  readManifests,
} from '../converters/manifest.js';
import { environmentState } from './ensure.js';

export interface ConverterSurvey {
  id: string;
  title: string;
  formats: Pick<ModelFormat, 'id' | 'title' | 'extensions' | 'loading'>[];
  /** The first is for new files; the files themselves say when they need another. */
  environments: EnvironmentSurvey[];
}

export interface EnvironmentSurvey {
  name: string;
  state: 'ready' | 'not built' | 'no interpreter';
  /** Version of the interpreter that it has, or would be built with. */
  python: string | null;
  /** The files that it is for, in words; null when it is for all. */
  loads: string | null;
}

export async function surveyConverters(): Promise<ConverterSurvey[]> {
  const manifests = await readManifests();
  return Promise.all(
    manifests.map(async (manifest) => ({
      id: manifest.id,
      title: manifest.title,
      formats: manifest.formats.map(({ id, title, extensions, loading }) => ({ id, title, extensions, loading })),
      environments: await Promise.all(manifest.environments.map((environment) => survey(manifest, environment))),
    })),
  );
}

async function survey(manifest: ConverterManifest, environment: ConverterEnvironment): Promise<EnvironmentSurvey> {
  const state = await environmentState(environmentOf(manifest, environment));
  return {
    name: state.name,
    state: state.state,
    python: state.state === 'no interpreter' ? null : state.interpreter.version,
    loads: loads(manifest, environment),
  };
}

/** E.g. `files of scikit-learn 1.3 to 1.5`, or `files with lightgbm or xgboost`. */
function loads({ savedBy }: ConverterManifest, { when }: ConverterEnvironment): string | null {
  if (when?.modules !== undefined) return `files with ${when.modules.join(' or ')}`;
  if (when?.saved === undefined || savedBy === undefined) return null;
  const { from, to } = when.saved;
  return `files of ${savedBy.package} ${from}${to === undefined ? ' and newer' : to === from ? '' : ` to ${to}`}`;
}
