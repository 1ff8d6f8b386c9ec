/** Which Python module imports which, what that must not be, and where it goes round in circles. */

import { circlesAmong } from '../support/circles.js';
import type { PythonSources } from './sources.js';

/** Packages of `python/`, the lowest first: an import goes down only, and not to a neighbour. */
const FLOORS = [
  ['predictable_bridge'],
  ['predictable_facts'],
  ['predictable_graph'],
  ['predictable_tabular', 'predictable_trees', 'predictable_networks'],
  ['predictable_tensorflow'],
  ['predictable_keras'],
  ['predictable_ray'],
];

export interface Edge {
  from: string;
  line: number;
  to: string;
  typesOnly: boolean;
}

/** Files that import files of the project, wherever in them the import stands. */
export function edgesOf(sources: PythonSources): Edge[] {
  const edges: Edge[] = [];
  const others = [...new Set([...sources.keys()].map(converterOf).filter((folder) => folder !== undefined))];
  const known = new Set([...sources.keys()].flatMap((file) => file.replace(/\.py$/, '').split('/')));
  const fileOf = (module: string, from: string) => {
    if (!known.has(module.split('.')[0] ?? '')) return undefined;
    const own = converterOf(from);
    return moduleFile(module, ['python', ...(own === undefined ? [] : [own]), ...others], sources);
  };
  for (const [from, { imports }] of sources) {
    for (const { line, module, names, typesOnly } of imports) {
      const targets = names.map((name) => fileOf(`${module}.${name}`, from) ?? fileOf(module, from));
      if (names.length === 0) targets.push(fileOf(module, from));
      for (const to of new Set(targets)) if (to !== undefined) edges.push({ from, line, to, typesOnly });
    }
  }
  return edges;
}

/** A module of the packages in `python/`, of the file's own converter, or, where neither has it, of another converter. */
function moduleFile(module: string, folders: string[], sources: PythonSources): string | undefined {
  const place = module.replaceAll('.', '/');
  const files = folders.flatMap((folder) => [`${folder}/${place}.py`, `${folder}/${place}/__init__.py`]);
  return files.find((file) => sources.has(file));
}

const converterOf = (file: string) => /^converters\/[^/]+/.exec(file)?.[0];

/** Imports that go up or to a neighbour, and packages that are on no floor. */
export function wrongImports(sources: PythonSources): string[] {
  return edgesOf(sources)
    .filter(({ from, to }) => !mayImport(from, to))
    .map(({ from, line, to }) => `${from}:${line} imports ${to}`);
}

function mayImport(from: string, to: string): boolean {
  if (roomOf(from) === roomOf(to)) return true;
  const [above, below] = [floorOf(from), floorOf(to)];
  return above !== undefined && below !== undefined && below < above;
}

/** The package, or the converter, that a file is in. */
const roomOf = (file: string) => file.split('/').slice(0, 2).join('/');

/** Converters are above all packages, and beside each other. */
export function floorOf(file: string): number | undefined {
  if (converterOf(file) !== undefined) return FLOORS.length;
  const floor = FLOORS.findIndex((packages) => packages.includes(file.split('/')[1] ?? ''));
  return floor === -1 ? undefined : floor;
}

/** Each circle once, from its first file in the alphabet on. Imports for types alone are none at run time. */
export function circles(sources: PythonSources): string[] {
  const next = new Map<string, Set<string>>();
  for (const { from, to, typesOnly } of edgesOf(sources)) {
    if (!typesOnly && from !== to) next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  const sorted = new Map([...next].sort(([one], [other]) => (one < other ? -1 : 1)));
  return [...new Set(circlesAmong(sorted).map((circle) => turned(circle).join(' -> ')))];
}

function turned(circle: string[]): string[] {
  const first = circle.indexOf([...circle].sort()[0] ?? '');
  return [...circle.slice(first), ...circle.slice(0, first)];
}
