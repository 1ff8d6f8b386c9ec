/** Operators whose work is up to the data: a graph with one of them may never end. */

import type { Graph } from './codec/model.js';
import { namesOf } from './operators/classes.js';
import { allNodes } from './walk.js';

/** The operators of control flow that a graph has, those in nested graphs included. */
export function controlFlow(graph: Graph): string[] {
  const found = new Set(allNodes(graph).map(({ op }) => op));
  return namesOf('controlFlow').filter((op) => found.has(op));
}
