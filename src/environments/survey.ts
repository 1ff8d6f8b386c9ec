/** The converters and the state of their environments; builds nothing. */

import { type ConverterManifest, type ModelFormat, readManifests } from '../converters/manifest.js';
import { PredictableError } from '../errors.js';
import { environmentState } from './ensure.js';

export interface ConverterSurvey {
  id: string;
  title: string;
  formats: Pick<ModelFormat, 'id' | 'title' | 'extensions' | 'loading'>[];
  environment: string;
  state: 'ready' | 'not built' | 'no interpreter';
  /** Version of the interpreter that it has, or would be built with. */
  python: string | null;
}

export async function surveyConverters(): Promise<ConverterSurvey[]> {
  const manifests = await readManifests();
  return Promise.all(
    manifests.map(async (manifest) => {
      const state = await environmentState(manifest);
      return {
        id: manifest.id,
        title: manifest.title,
        formats: manifest.formats.map(({ id, title, extensions, loading }) => ({ id, title, extensions, loading })),
        environment: state.name,
        state: state.state,
        python: state.state === 'no interpreter' ? null : state.interpreter.version,
      };
    }),
  );
}

/** The converters that `setup` was asked for. Throws USAGE for an id that there is not, or when none was named. */
export async function chosenManifests(ids: string[], all: boolean): Promise<ConverterManifest[]> {
  const manifests = await readManifests();
  const known = manifests.map(({ id }) => id);
  if (all) return manifests;
  if (ids.length === 0) {
    throw new PredictableError('USAGE', 'say which converters to set up', {
      hint: `One or more of ${known.join(', ')}; or --all.`,
    });
  }
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    throw new PredictableError('USAGE', `there is no converter ${unknown}`, {
      hint: `There are: ${known.join(', ')}.`,
    });
  }
  return manifests.filter(({ id }) => ids.includes(id));
}
