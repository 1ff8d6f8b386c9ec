/** The models that a path of a `zoo.yaml` stands for: a file, a folder, or all that a pattern matches. */

import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import type { ConverterManifest } from '../../converters/manifest.js';
import { isModelFolder } from '../../detect/detect.js';
import { mayBeModel, namedLikeModel } from '../../detect/find-models.js';
import { together } from '../../files/at-once.js';
import { nearestNames } from '../../rows/columns.js';
import { MLMODEL } from './mlflow/read-mlflow.js';
import { type Limits, outside } from './reach.js';
import { JOURNAL, type Source, sourcesWithin } from './sources.js';

/** `!` before a pattern leaves out what it matches. */
const LEFT_OUT = '!';

/** The models, or why there is none. */
type Matches = { sources: Source[] } | { complaint: string };

export class Matcher {
  private readonly isNamed: (name: string) => boolean;
  /** What folders are, each looked into once. */
  private readonly kinds = new Map<string, Promise<'model' | 'run' | 'plain'>>();

  constructor(
    private readonly root: string,
    private readonly manifests: ConverterManifest[],
    private readonly limits: Limits,
  ) {
    this.isNamed = namedLikeModel(manifests);
  }

  /** Of one of an entry's paths; those of `all` with a `!` are left out. */
  async match(given: string, all: string[]): Promise<Matches> {
    const ignore = all.filter(isLeftOut).map((each) => each.slice(LEFT_OUT.length));
    const file = path.resolve(this.root, given);
    // Not looked at, nor searched: whoever wrote it must not learn what is there.
    if (!this.limits.allows(firmPart(file))) return { complaint: outside(given) };
    const info = await stat(file).catch(() => null);
    if (info?.isDirectory()) return this.within(given, file, ignore);
    if (info !== null) return { sources: [asSource(file)] };
    if (isDynamicPattern(given)) return this.matching(given, ignore);
    return { complaint: `there is no ${given}${await meant(file)}` };
  }

  private async within(given: string, folder: string, ignore: string[]): Promise<Matches> {
    const found = await sourcesWithin(folder, this.manifests);
    if (found.length === 0) return { complaint: `there is no model file in ${given}` };
    const strayed = this.strayed(found.map(({ path: model }) => model));
    if (strayed !== undefined) return { complaint: strayed };
    if (ignore.length === 0) return { sources: found };
    const out = await this.globbed(ignore, []);
    const sources = found.filter((source) => !out.includes(source.path));
    return sources.length > 0 ? { sources } : { complaint: `all models of ${given} are left out` };
  }

  private async matching(pattern: string, ignore: string[]): Promise<Matches> {
    const matches = await this.globbed([pattern], ignore);
    if (matches.length === 0) return { complaint: `nothing matches ${pattern}` };
    const strayed = this.strayed(matches);
    if (strayed !== undefined) return { complaint: strayed };
    const sources = (await together(matches, (match) => this.sourceOf(match))).filter((source) => source !== null);
    const unique = new Map(sources.map((source) => [source.path, source]));
    if (unique.size > 0) return { sources: [...unique.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
    const what = matches.length === 1 ? 'something that is no model' : `${matches.length} things, none of them a model`;
    return { complaint: `${pattern} matches ${what}` };
  }

  private strayed(files: string[]): string | undefined {
    const file = files.find((each) => !this.limits.allows(each));
    return file === undefined ? undefined : outside(path.relative(this.root, file));
  }

  private async globbed(patterns: string[], ignore: string[]): Promise<string[]> {
    const matches = await glob(patterns, {
      cwd: this.root,
      ignore,
      absolute: true,
      onlyFiles: false,
      expandDirectories: false,
      followSymbolicLinks: false,
    });
    return matches.map((match) => path.resolve(match));
  }

  /** A match that is a model: not its sidecar, not a part of it, and nothing that a run of ours left. */
  private async sourceOf(match: string): Promise<Source | null> {
    const source = asSource(match);
    const around = ancestors(path.dirname(source.path), this.root);
    for (const folder of around) if ((await this.kindOf(folder)) !== 'plain') return null;
    if (source.isFolder) return source;
    const info = await stat(match).catch(() => null);
    if (info?.isDirectory()) return (await this.kindOf(match)) === 'model' ? { path: match, isFolder: true } : null;
    const model = info?.isFile() && this.isNamed(path.basename(match)) && (await mayBeModel(match, this.manifests));
    return model ? source : null;
  }

  private kindOf(folder: string): Promise<'model' | 'run' | 'plain'> {
    let kind = this.kinds.get(folder);
    if (kind === undefined) {
      kind = readdir(folder).then(
        (members) => {
          if (members.includes(MLMODEL) || isModelFolder(members, this.manifests)) return 'model';
          return members.includes(JOURNAL) ? 'run' : 'plain';
        },
        () => 'plain',
      );
      this.kinds.set(folder, kind);
    }
    return kind;
  }
}

export function isLeftOut(given: string): boolean {
  return given.startsWith(LEFT_OUT);
}

/** Of a path with a pattern in it, the folder that it begins in. */
function firmPart(file: string): string {
  const segments = file.split(path.sep);
  const pattern = segments.findIndex((segment) => isDynamicPattern(segment));
  return pattern < 0 ? file : segments.slice(0, pattern).join(path.sep) || path.sep;
}

/** A file MLmodel stands for the folder that it describes. */
function asSource(file: string): Source {
  const described = path.basename(file) === MLMODEL;
  return { path: described ? path.dirname(file) : file, isFolder: described };
}

/** The folder and those around it, up to where they are around the zoo too. */
function ancestors(folder: string, root: string): string[] {
  const found: string[] = [];
  for (let next = folder; !`${root}${path.sep}`.startsWith(path.join(next, path.sep)); next = path.dirname(next))
    found.push(next);
  return found;
}

async function meant(file: string): Promise<string> {
  const names = await readdir(path.dirname(file)).catch(() => []);
  const [near] = nearestNames(names, path.basename(file).slice(0, 200));
  return near === undefined ? '' : `: did you mean ${near}?`;
}
