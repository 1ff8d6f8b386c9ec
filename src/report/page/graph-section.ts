/** The graph as the converter made it, and as it is registered, side by side. */

import { constantsOf, drawingOf, hasAlike } from './alike.js';
import type { EvidenceFacts, Sketch } from './data.js';
import { h } from './dom.js';
import { drawGraph, pieceText } from './graph.js';
import { section, wide } from './section.js';
import { count, plural } from './text.js';
import { Zoom } from './zoom.js';

/** `current` is false once another model is open. */
export function graphSection({ before, after }: EvidenceFacts, current: () => boolean): HTMLElement {
  const places = [place('As converted', before), place('As normalised', after)];
  const draw = async (together: boolean) => {
    for (const { sketch, zoom, title } of places) {
      if (!current()) return;
      const drawing = drawingOf(sketch, together);
      const description = drawing.pieces.map(pieceText).join(', ');
      zoom.show(await drawGraph(drawing, `${title}: ${summaryOf(sketch)}`, description));
    }
  };
  const together = h('input', { type: 'checkbox', checked: true, onchange: () => void draw(together.checked) });
  // The pictures come after what is text.
  requestAnimationFrame(() => void draw(true));
  return section(
    'Graph',
    places.some(({ sketch }) => hasAlike(sketch))
      ? h('label', { class: 'dim' }, together, ' draw columns and operators of the same role together')
      : null,
    h('div', { class: 'columns graphs' }, ...places.map(({ figure }) => figure)),
  );
}

function place(title: string, sketch: Sketch) {
  const frame = wide(`${title}: picture of the graph`);
  frame.classList.add('canvas');
  const operators = h(
    'details',
    {},
    h('summary', {}, 'Operators as a list'),
    h('ol', {}, ...sketch.nodes.map(({ op, detail }) => h('li', {}, h('code', {}, op), detail ? ` ${detail}` : null))),
  );
  const zoom = new Zoom(frame, title);
  const figure = h(
    'figure',
    {},
    h('figcaption', { class: 'beside' }, h('span', {}, h('b', {}, title), ` ${summaryOf(sketch)}`), zoom.buttons),
    frame,
    operators,
  );
  return { title, sketch, zoom, figure };
}

function summaryOf(sketch: Sketch): string {
  const { nodes, inputs, outputs, left } = sketch;
  const constants = constantsOf(sketch).size;
  const operators = nodes.length - constants + left.nodes;
  const all = `${plural(inputs.length + left.inputs, 'input')}, ${plural(operators, 'operator')}, ${plural(outputs.length + left.outputs, 'output')}`;
  const cut = left.nodes + left.inputs + left.outputs;
  return cut === 0 ? all : `${all}; ${count(cut)} of them not drawn`;
}
