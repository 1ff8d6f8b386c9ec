/** A graph as it is drawn: parts that play the same role are one, such as thirty columns that are all joined. */

import type { Sketch } from './data.js';

export interface Piece {
  id: string;
  kind: 'input' | 'node' | 'output';
  title: string;
  detail: string;
  /** Names of the inputs or outputs it stands for. */
  names: string[];
  /** How many it stands for. */
  times: number;
}

export interface Drawing {
  pieces: Piece[];
  edges: { from: string; to: string; times: number }[];
}

/** Two alike are clearer as two. */
const FEWEST_ALIKE = 3;

export function drawingOf(sketch: Sketch, together: boolean): Drawing {
  const constants = constantsOf(sketch);
  const pieces = piecesOf(sketch).filter(({ id }) => !constants.has(id));
  const edges = sketch.edges.filter(([from]) => !constants.has(from));
  return together ? merged(pieces, edges) : { pieces, edges: counted(edges, (id) => id) };
}

/** Whether there is anything to draw together. */
export function hasAlike(sketch: Sketch): boolean {
  return drawingOf(sketch, true).pieces.length < drawingOf(sketch, false).pieces.length;
}

/** Numbers that a node brings are not drawn, as those are not that the graph holds beside its nodes. */
export function constantsOf({ nodes, edges }: Sketch): Set<string> {
  const fed = new Set(edges.map(([, to]) => to));
  return new Set(nodes.flatMap(({ op }, index) => (op === 'Constant' && !fed.has(`n${index}`) ? [`n${index}`] : [])));
}

function piecesOf({ inputs, nodes, outputs }: Sketch): Piece[] {
  return [
    ...inputs.map(({ name, type }, index) => edge(`i${index}`, 'input', name, type)),
    ...nodes.map(({ op, detail = '' }, index) => ({
      ...{ id: `n${index}`, kind: 'node' as const, title: op, detail },
      ...{ names: [], times: 1 },
    })),
    ...outputs.map(({ name, type }, index) => edge(`o${index}`, 'output', name, type)),
  ];
}

function edge(id: string, kind: 'input' | 'output', name: string, type: string): Piece {
  return { id, kind, title: name, detail: type, names: [name], times: 1 };
}

function merged(pieces: Piece[], edges: [string, string][]): Drawing {
  const roles = rolesOf(pieces, edges);
  const groups = new Map<number, Piece[]>();
  for (const piece of pieces) {
    const role = roles.get(piece.id) ?? -1;
    groups.set(role, [...(groups.get(role) ?? []), piece]);
  }
  const standsFor = new Map<string, string>();
  const drawn: Piece[] = [];
  for (const group of groups.values()) {
    const [first] = group;
    if (first === undefined || group.length < FEWEST_ALIKE) {
      drawn.push(...group);
      continue;
    }
    for (const { id } of group) standsFor.set(id, first.id);
    const names = group.flatMap((piece) => piece.names);
    const title = first.kind === 'node' ? first.title : `${names[0]} … ${names.at(-1)}`;
    drawn.push({ ...first, title, names, times: group.length });
  }
  return { pieces: drawn, edges: counted(edges, (id) => standsFor.get(id) ?? id) };
}

/**
 * Two pieces have the same role when they are of the same kind and their neighbours have the same roles: refined from
 * kinds alone until nothing is told apart any more. Names of columns do not count.
 */
function rolesOf(pieces: Piece[], edges: [string, string][]): Map<string, number> {
  const before = new Map<string, string[]>(pieces.map(({ id }) => [id, []]));
  const behind = new Map<string, string[]>(pieces.map(({ id }) => [id, []]));
  for (const [from, to] of edges) {
    behind.get(from)?.push(to);
    before.get(to)?.push(from);
  }
  let roles = numbered(pieces, ({ kind, title, detail }) => `${kind} ${kind === 'node' ? title : ''} ${detail}`);
  for (;;) {
    const around = (ids: string[] | undefined) =>
      (ids ?? [])
        .map((id) => roles.get(id))
        .sort()
        .join(',');
    const refined = numbered(
      pieces,
      ({ id }) => `${roles.get(id)}|${around(before.get(id))}|${around(behind.get(id))}`,
    );
    if (new Set(refined.values()).size === new Set(roles.values()).size) return refined;
    roles = refined;
  }
}

function numbered(pieces: Piece[], keyOf: (piece: Piece) => string): Map<string, number> {
  const numbers = new Map<string, number>();
  return new Map(
    pieces.map((piece) => {
      const key = keyOf(piece);
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      return [piece.id, number];
    }),
  );
}

function counted(edges: [string, string][], at: (id: string) => string): Drawing['edges'] {
  const found = new Map<string, Drawing['edges'][number]>();
  for (const [start, end] of edges) {
    const [from, to] = [at(start), at(end)];
    const key = `${from} ${to}`;
    const same = found.get(key);
    if (same === undefined) found.set(key, { from, to, times: 1 });
    else same.times++;
  }
  return [...found.values()];
}
