/** The libraries that draw, run when the first picture is wanted. */

import { unpackElement } from './blocks.js';
import { h } from './dom.js';

interface VegaView {
  data(name: string, rows: object[]): VegaView;
  signal(name: string, value: unknown): VegaView;
  width(value: number): VegaView;
  height(value: number): VegaView;
  runAsync(): Promise<VegaView>;
  finalize(): void;
}

interface Vega {
  parse(spec: object, config: object, options: { ast: boolean }): object;
  View: new (
    runtime: object,
    options: { expr: unknown; renderer: 'svg'; container: Element; hover: boolean; logLevel: number },
  ) => VegaView;
  Error: number;
}

interface LaidOut {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface DagreGraph {
  setGraph(options: object): DagreGraph;
  setDefaultEdgeLabel(label: () => object): DagreGraph;
  setNode(id: string, size: { width: number; height: number }): void;
  setEdge(from: string, to: string, label: object): void;
  node(id: string): LaidOut;
  edge(from: string, to: string): { points: { x: number; y: number }[] };
  graph(): { width: number; height: number };
}

interface Dagre {
  layout(graph: DagreGraph): void;
  Graph: new () => DagreGraph;
}

interface Loaded {
  vega?: Vega;
  vegaInterpreter?: unknown;
  dagre?: Dagre;
}

const running = new Map<string, Promise<void>>();

export async function vega(): Promise<{ vega: Vega; expr: unknown }> {
  await run('vega');
  const { vega, vegaInterpreter } = globalThis as Loaded;
  if (vega === undefined) throw new Error('Vega did not start');
  return { vega, expr: vegaInterpreter };
}

export async function dagre(): Promise<Dagre> {
  await run('dagre');
  const { dagre } = globalThis as Loaded;
  if (dagre === undefined) throw new Error('dagre did not start');
  return dagre;
}

/** The page's policy lists the hashes of these scripts: any other text would be refused. */
function run(name: string): Promise<void> {
  let started = running.get(name);
  if (started === undefined) {
    started = unpackElement(name).then((text) => {
      const script = h('script');
      script.textContent = text;
      document.head.append(script);
    });
    running.set(name, started);
  }
  return started;
}
