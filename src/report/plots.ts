/** The plots of a model as Vega specs: Vega-Lite compiles them here, so that the page needs Vega alone. */

import { compile, type TopLevelSpec } from 'vega-lite';

/** Colours and titles that the page sets, and data that it brings. */
const DOT = { name: 'dot', value: 'steelblue' };
const LINE = { name: 'line', value: 'grey' };

const PARITY: TopLevelSpec = {
  background: 'transparent',
  width: 240,
  height: 240,
  params: [DOT, LINE, { name: 'xTitle', value: 'original' }],
  data: { name: 'points' },
  layer: [
    {
      data: { name: 'diagonal' },
      mark: { type: 'line', color: { expr: 'line' }, strokeDash: [4, 3], strokeWidth: 1 },
      encoding: { x: { field: 'at', type: 'quantitative' }, y: { field: 'at', type: 'quantitative' } },
    },
    {
      mark: {
        type: 'point',
        filled: true,
        size: 22,
        opacity: 0.65,
        color: { expr: 'dot' },
        tooltip: { content: 'data' },
      },
      encoding: {
        x: {
          field: 'original',
          type: 'quantitative',
          scale: { zero: false },
          axis: { title: { signal: 'xTitle' }, tickCount: 5 },
        },
        y: { field: 'model', type: 'quantitative', scale: { zero: false }, axis: { title: 'ONNX', tickCount: 5 } },
      },
    },
  ],
};

const HISTOGRAM: TopLevelSpec = {
  background: 'transparent',
  width: 240,
  height: 200,
  params: [DOT, LINE],
  data: { name: 'bins' },
  encoding: {
    x: {
      field: 'label',
      type: 'ordinal',
      sort: null,
      axis: { title: 'absolute difference', labelAngle: -45 },
    },
    y: { field: 'rows', type: 'quantitative', axis: { title: 'rows', tickCount: 5, tickMinStep: 1 } },
  },
  layer: [
    { mark: { type: 'bar', color: { expr: 'dot' } } },
    {
      mark: { type: 'text', dy: -6, fontSize: 10, color: { expr: 'line' } },
      encoding: { text: { field: 'text', type: 'nominal' } },
    },
  ],
};

export function compilePlots(): { parity: object; histogram: object } {
  return { parity: compile(PARITY).spec, histogram: compile(HISTOGRAM).spec };
}
