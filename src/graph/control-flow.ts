/** Operators whose work is up to the data: a graph with one of them may never end. */

import type { Graph } from './codec/model.js';
import { allNodes } from './walk.js';

const CONTROL_FLOW = ['Loop', 'Scan', 'If'];

/** Those that a graph has, nested ones included. */
export function controlFlow(graph: Graph): string[] {
  const found = new Set(allNodes(graph).map(({ op }) => op));
  return CONTROL_FLOW.filter((op) => found.has(op));
}
