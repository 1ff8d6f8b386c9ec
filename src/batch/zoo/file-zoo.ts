/** A `zoo.yaml` as a zoo: each entry's models, with their names and options. */

import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { given as saidOf } from '../../convert/options/conversion-options.js';
import type { ConverterManifest } from '../../converters/manifest.js';
import { together } from '../../files/at-once.js';
import { nearestNames } from '../../rows/columns.js';
import type { TargetId } from '../../targets/targets.js';
import { modelOptions } from './entry-options.js';
import { isLeftOut, Matcher } from './matches.js';
import { complaintAboutName, mustDiffer, nameFromPath } from './names.js';
import { Limits, outside, type Reach } from './reach.js';
import { readSource, relativeTo, type Source } from './sources.js';
import type { ModelOptions, Zoo, ZooModel } from './zoo.js';
import { type Mistake, type Place, parseZooFile, zooInvalid } from './zoo-file.js';
import type { ZooEntry, ZooOptions } from './zoo-schema.js';

/** A model as an entry has it: not read yet. */
interface Planned {
  source: Source;
  name: string;
  target: TargetId | undefined;
  entry: ZooEntry;
  line: number;
}

/** Throws ZOO_INVALID with every mistake that it has, or NAME_COLLISION. */
export async function readFileZoo(
  given: string,
  manifests: ConverterManifest[],
  defaults: ModelOptions,
  reach: Reach = {},
): Promise<Zoo> {
  const { content, lineOf } = parseZooFile(given, await readFile(given, 'utf8'));
  const root = path.dirname(path.resolve(given));
  const mistakes: Mistake[] = [];
  const complain = (place: Place, message: string) => mistakes.push({ line: lineOf(place), message });

  const everywhere = content.defaults ?? {};
  const limits = new Limits(root, reach);
  await checkOptions(everywhere, ['defaults'], root, manifests, limits, complain);
  await together(content.models, (entry, at) => checkOptions(entry, ['models', at], root, manifests, limits, complain));
  const matcher = new Matcher(root, manifests, limits);
  const planned: Planned[] = [];
  // One after the other: mistakes about what is there twice name the first place first.
  for (const [at, entry] of content.models.entries()) {
    const sources = await sourcesOf(entry, at, matcher, complain);
    if (entry.name !== undefined && sources.length > 1) {
      complain(['models', at, 'name'], `${entry.name} names one model, but the path stands for ${sources.length}`);
      continue;
    }
    for (const source of sources) planned.push(...plansOf(source, entry, everywhere, root, lineOf(['models', at])));
  }
  for (const { source, entry, line } of planned) {
    const refused = await limits.refused(source.path, entry.factory ?? everywhere.factory);
    mistakes.push(...refused.map((file) => ({ line, message: outside(relativeTo(root, file)) })));
  }
  mistakes.push(...repeated(planned, root), ...unnamed(planned, root));
  if (mistakes.length > 0) throw zooInvalid(given, mistakes);
  mustDiffer(
    planned.map(({ name, source, line }) => ({
      name,
      title: `${relativeTo(root, source.path)} (${given}:${line})`,
    })),
    'Give one of them a name: of its own in the zoo.yaml.',
  );
  const beneath = { ...saidOf(defaults), ...modelOptions(everywhere, root) };
  const models = await together(planned, (plan) => modelOf(plan, everywhere, beneath, root, manifests));
  return { title: content.title ?? given, root, models };
}

type Complain = (place: Place, message: string) => void;

/** What the schema cannot know: whether converters, environments and files are there. */
async function checkOptions(
  said: ZooOptions,
  place: Place,
  root: string,
  manifests: ConverterManifest[],
  limits: Limits,
  complain: Complain,
): Promise<void> {
  const { target, targets, converter, environment, sample } = said;
  if (target !== undefined && targets !== undefined) complain([...place, 'targets'], 'give either target or targets');
  const ids = manifests.map(({ id }) => id);
  if (converter !== undefined && !ids.includes(converter)) {
    complain([...place, 'converter'], `there is no converter ${converter}${meant(ids, converter)}`);
  }
  const environments = manifests
    .filter(({ id }) => converter === undefined || id === converter)
    .flatMap((manifest) => manifest.environments.map(({ name }) => name));
  if (environment !== undefined && environments.length > 0 && !environments.includes(environment)) {
    complain([...place, 'environment'], `there is no environment ${environment}${meant(environments, environment)}`);
  }
  if (sample === undefined) return;
  if (/^(table|duckdb):/.test(sample)) {
    complain(
      [...place, 'sample'],
      `sample takes the path of a file: a registry is not known to a zoo.yaml, so ${sample} is not either`,
    );
  } else if (!limits.allows(path.resolve(root, sample))) {
    complain([...place, 'sample'], outside(sample));
  } else if ((await stat(path.resolve(root, sample)).catch(() => null)) === null) {
    complain([...place, 'sample'], `there is no sample ${sample}`);
  }
}

function meant(names: string[], wanted: string): string {
  const near = nearestNames(names, wanted.slice(0, 100));
  return near.length > 0 ? `: did you mean ${near.join(' or ')}?` : `: there are ${[...new Set(names)].join(', ')}`;
}

async function sourcesOf(entry: ZooEntry, at: number, matcher: Matcher, complain: Complain): Promise<Source[]> {
  const paths = [entry.path].flat();
  const found = new Map<string, Source>();
  for (const [index, given] of paths.entries()) {
    if (isLeftOut(given)) continue;
    const matches = await matcher.match(given, paths);
    if ('complaint' in matches) {
      complain(['models', at, 'path', ...(Array.isArray(entry.path) ? [index] : [])], matches.complaint);
    } else {
      for (const source of matches.sources) found.set(source.path, source);
    }
  }
  if (paths.every(isLeftOut)) complain(['models', at, 'path'], 'it leaves out, and names nothing');
  return [...found.values()];
}

/** One for each of its targets; an entry's own go before the defaults'. */
function plansOf(source: Source, entry: ZooEntry, everywhere: ZooOptions, root: string, line: number): Planned[] {
  const name = entry.name ?? nameFromPath(relativeTo(root, source.path), source.isFolder);
  const own = entry.target === undefined ? entry.targets : [entry.target];
  const targets = own ?? (everywhere.target === undefined ? everywhere.targets : [everywhere.target]) ?? [undefined];
  const several = new Set(targets).size > 1;
  return [...new Set(targets)].map((target) => ({
    source,
    name: several ? `${name}-${target}` : name,
    target,
    entry,
    line,
  }));
}

/** The same file under the same name for the same target: two entries that say different things of one model. */
function repeated(planned: Planned[], root: string): Mistake[] {
  const seen = new Map<string, number>();
  return planned.flatMap(({ source, name, target, line }) => {
    const key = JSON.stringify([source.path, name.toLowerCase(), target]);
    const other = seen.get(key);
    if (other === undefined) seen.set(key, line);
    const file = relativeTo(root, source.path);
    return other === undefined
      ? []
      : [
          {
            line,
            message: `${file} is a model of line ${other} already: leave it out there (!${file}), or give it another name or target`,
          },
        ];
  });
}

function unnamed(planned: Planned[], root: string): Mistake[] {
  return planned.flatMap(({ name, source, line }) => {
    const complaint = complaintAboutName(name);
    if (complaint === null) return [];
    const file = relativeTo(root, source.path);
    return [{ line, message: `${JSON.stringify(name)} cannot be the name of ${file}: ${complaint}` }];
  });
}

async function modelOf(
  { source, name, target, entry }: Planned,
  everywhere: ZooOptions,
  beneath: ModelOptions,
  root: string,
  manifests: ConverterManifest[],
): Promise<ZooModel> {
  const relative = relativeTo(root, source.path);
  const own = modelOptions(entry, root);
  const { options, ...read } = await readSource(source, relative, manifests, own.sample !== undefined);
  const tags = [entry.tags ?? everywhere.tags ?? []].flat();
  // What MLflow says of a model is nearer to it than what is said of all of them.
  const all = { ...beneath, ...options, ...own, ...(target === undefined ? {} : { target }) };
  return { name, source: relative, tags, options: all, ...read };
}
