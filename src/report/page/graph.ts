/** A graph as a picture: laid out by dagre from top to bottom, drawn as SVG. */

import type { Drawing, Piece } from './alike.js';
import { s } from './dom.js';
import { type DagreGraph, dagre } from './libraries.js';
import { count } from './text.js';

const LINE = 15;
const LETTER = 6.7;
/** Letters of a box; the whole text shows when one points at it. */
const LONGEST = 30;
const MARGIN = 6;

export async function drawGraph(drawing: Drawing, title: string, description: string): Promise<SVGSVGElement> {
  const { Graph, layout } = await dagre();
  const graph = new Graph().setGraph({ rankdir: 'TB', nodesep: 14, ranksep: 22, marginx: MARGIN, marginy: MARGIN });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const piece of drawing.pieces) graph.setNode(piece.id, sizeOf(piece));
  for (const { from, to } of drawing.edges) graph.setEdge(from, to, {});
  layout(graph);
  const { width, height } = graph.graph();
  return s(
    'svg',
    { class: 'graph', role: 'img', width, height, viewBox: `0 0 ${width} ${height}`, 'aria-label': title },
    s('title', {}, title),
    s('desc', {}, description),
    ...drawing.edges.map(({ from, to, times }) => arrow(graph, from, to, times)),
    ...drawing.pieces.map((piece) => box(graph, piece)),
  );
}

/** What a piece is, in words. */
export function pieceText({ kind, title, detail, times }: Piece): string {
  const what = kind === 'node' ? [title, detail].filter(Boolean).join(' ') : `${kind} ${title} (${detail})`;
  return times > 1 ? `${count(times)} × ${what}` : what;
}

function linesOf({ kind, title, detail, times }: Piece): string[] {
  const first = times > 1 && kind === 'node' ? `${title}  ×${count(times)}` : title;
  const second = times > 1 && kind !== 'node' ? `${count(times)} × ${detail}` : detail;
  return [first, second].filter((line) => line !== '').map(shortened);
}

function shortened(line: string): string {
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

function sizeOf(piece: Piece): { width: number; height: number } {
  const lines = linesOf(piece);
  return { width: Math.max(...lines.map(({ length }) => length)) * LETTER + 18, height: lines.length * LINE + 8 };
}

function box(graph: DagreGraph, piece: Piece): SVGElement {
  const { x, y, width, height } = graph.node(piece.id);
  const [left, top] = [x - width / 2, y - height / 2];
  const frame = { x: left, y: top, width, height, rx: piece.kind === 'node' ? 3 : height / 2 };
  const lines = linesOf(piece);
  return s(
    'g',
    { class: `piece ${piece.kind}` },
    s('title', {}, [pieceText(piece), ...(piece.times > 1 ? [piece.names.join(', ')] : [])].join('\n')),
    piece.times > 1 ? s('rect', { ...frame, x: left + 3, y: top + 3, class: 'behind' }) : null,
    s('rect', frame),
    ...lines.map((line, index) =>
      s('text', { x, y: top + 4 + LINE * (index + 0.75), class: index === 0 ? 'first' : 'second' }, line),
    ),
  );
}

function arrow(graph: DagreGraph, from: string, to: string, times: number): SVGElement {
  const { points } = graph.edge(from, to);
  const line = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  const [last, previous] = [points.at(-1), points.at(-2)];
  return s(
    'g',
    { class: times > 1 ? 'edge many' : 'edge' },
    s('path', { d: line }),
    last && previous ? head(previous, last) : null,
  );
}

/** Drawn by hand: a marker is referred to by an id, and ids are the page's. */
function head(from: { x: number; y: number }, at: { x: number; y: number }): SVGElement {
  const angle = Math.atan2(at.y - from.y, at.x - from.x);
  const corner = (turn: number) =>
    `${(at.x - 6 * Math.cos(angle + turn)).toFixed(1)} ${(at.y - 6 * Math.sin(angle + turn)).toFixed(1)}`;
  return s('path', { class: 'head', d: `M${at.x.toFixed(1)} ${at.y.toFixed(1)}L${corner(0.45)}L${corner(-0.45)}Z` });
}
