/**
 * Who makes and who reads each tensor of a graph's top level, and which tensors are constant: found once and kept while
 * passes change the graph. A walk over all nodes for each node would take squares: 17.7 s for 4,000 columns picked one by one.
 */

import type { Graph, Node, Tensor } from './codec/model.js';
import { nestedGraphs, readsOf } from './walk.js';

/** What only the index may change, so that it knows. */
type Rewritable = { -readonly [Key in keyof Node]: Node[Key] };

export class GraphIndex {
  #nodes: Node[] = [];
  #nodesSeen = 0;
  #tensors: Tensor[] = [];
  #tensorsSeen = 0;
  readonly #makers = new Map<string, Node>();
  readonly #readers = new Map<string, Set<Node>>();
  readonly #constants = new Map<string, Tensor>();
  readonly #constantPlaces = new Map<string, number>();
  readonly #places = new Map<Node, InputPlaces>();
  #version = 0;

  constructor(private readonly graph: Graph) {}

  /** Another number after each change of nodes, of what they read and make, and of constants. */
  get version(): number {
    this.#catchUp();
    return this.#version;
  }

  /** The node that makes a tensor. */
  maker(name: string): Node | undefined {
    this.#catchUp();
    return this.#makers.get(name);
  }

  /** The nodes that read a tensor; one with nested graphs reads what they capture. */
  readers(name: string): Node[] {
    this.#catchUp();
    return [...(this.#readers.get(name) ?? [])];
  }

  constant(name: string): Tensor | undefined {
    this.#catchUp();
    return this.#constants.get(name);
  }

  /** Puts a constant in the place of the one of that name. */
  setConstant(tensor: Tensor): void {
    this.#catchUp();
    const at = this.#constantPlaces.get(tensor.name);
    if (at === undefined) return;
    this.graph.initializers[at] = tensor;
    this.#constants.set(tensor.name, tensor);
    this.#version += 1;
  }

  setInputs(node: Node, inputs: readonly string[]): void {
    this.#change(node, (rewritable) => {
      rewritable.inputs = inputs;
    });
  }

  setOutputs(node: Node, outputs: readonly string[]): void {
    this.#change(node, (rewritable) => {
      rewritable.outputs = outputs;
    });
  }

  /** Lets a node, and the graphs within it, read `to` for `from`. */
  renameReads(node: Node, from: string, to: string): void {
    this.#catchUp();
    if (!this.#readers.get(from)?.has(node)) {
      this.#change(node, () => renameReads(node, from, to));
      return;
    }
    this.#version += 1;
    if (from === to) return;
    this.#readers.get(from)?.delete(node);
    this.#addReader(to, node);
    this.#renameInputs(node, from, to);
    for (const nested of nestedGraphs(node)) renameWithin(nested, from, to);
  }

  /** A node that puts thousands of columns together has each of them renamed, one after the other. */
  #renameInputs(node: Rewritable, from: string, to: string): void {
    if (node.inputs.length < MANY_INPUTS) {
      if (node.inputs.includes(from)) node.inputs = renamed(node.inputs, from, to);
      return;
    }
    let known = this.#places.get(node);
    if (known?.inputs !== node.inputs) {
      known = placesOf(node.inputs);
      this.#places.set(node, known);
      node.inputs = known.inputs;
    }
    const { inputs, places } = known;
    const found = places.get(from) ?? [];
    for (const at of found) inputs[at] = to;
    places.delete(from);
    places.set(to, [...(places.get(to) ?? []), ...found]);
  }

  /** Gives every tensor another name, in nested graphs too. */
  renameAll(to: (name: string) => string): void {
    renameAll(this.graph, to);
    this.#forget();
  }

  #change(node: Node, change: (node: Rewritable) => void): void {
    this.#places.delete(node);
    const known = this.#nodes.length > 0 && this.#remove(node);
    change(node);
    this.#version += 1;
    if (known) this.#add(node);
    // A node of a nested graph: which of the top level holds it is not known here.
    else this.#forget();
  }

  #forget(): void {
    this.#places.clear();
    this.#nodes = [];
    this.#tensors = [];
    this.#version += 1;
  }

  /** Passes add to the ends of both lists, or put others in their place. */
  #catchUp(): void {
    const { nodes, initializers } = this.graph;
    if (nodes !== this.#nodes || nodes.length < this.#nodesSeen) {
      [this.#nodes, this.#nodesSeen] = [nodes, 0];
      this.#makers.clear();
      this.#readers.clear();
      this.#version += 1;
    }
    if (initializers !== this.#tensors || initializers.length < this.#tensorsSeen) {
      [this.#tensors, this.#tensorsSeen] = [initializers, 0];
      this.#constants.clear();
      this.#constantPlaces.clear();
      this.#version += 1;
    }
    for (; this.#nodesSeen < nodes.length; this.#nodesSeen += 1) {
      this.#add(nodes[this.#nodesSeen] as Node);
      this.#version += 1;
    }
    for (; this.#tensorsSeen < initializers.length; this.#tensorsSeen += 1) {
      const tensor = initializers[this.#tensorsSeen] as Tensor;
      this.#constants.set(tensor.name, tensor);
      this.#constantPlaces.set(tensor.name, this.#tensorsSeen);
      this.#version += 1;
    }
  }

  #add(node: Node): void {
    for (const name of node.outputs) if (name !== '') this.#makers.set(name, node);
    for (const name of readsWithin(node)) this.#addReader(name, node);
  }

  #addReader(name: string, node: Node): void {
    if (name === '') return;
    const readers = this.#readers.get(name);
    if (readers === undefined) this.#readers.set(name, new Set([node]));
    else readers.add(node);
  }

  /** Whether it was known. */
  #remove(node: Node): boolean {
    const reads = readsWithin(node);
    const makes = node.outputs.filter((name) => name !== '');
    const known =
      makes.some((name) => this.#makers.get(name) === node) || reads.some((name) => this.#readers.get(name)?.has(node));
    for (const name of makes) if (this.#makers.get(name) === node) this.#makers.delete(name);
    for (const name of reads) this.#readers.get(name)?.delete(node);
    return known;
  }
}

/** Of a node with many inputs, an array of its own, and at which places of it each name stands. */
interface InputPlaces {
  inputs: string[];
  places: Map<string, number[]>;
}

const MANY_INPUTS = 64;

function placesOf(names: readonly string[]): InputPlaces {
  const places = new Map<string, number[]>();
  for (const [at, name] of names.entries()) {
    const known = places.get(name);
    if (known === undefined) places.set(name, [at]);
    else known.push(at);
  }
  return { inputs: [...names], places };
}

function readsWithin(node: Node): string[] {
  return [...node.inputs, ...nestedGraphs(node).flatMap(readsOf)].filter((name) => name !== '');
}

function renameAll(graph: Graph, to: (name: string) => string): void {
  for (const value of [...graph.inputs, ...graph.outputs]) value.name = to(value.name);
  for (const tensor of graph.initializers) tensor.name = to(tensor.name);
  for (const node of graph.nodes as Rewritable[]) {
    node.inputs = node.inputs.map(to);
    node.outputs = node.outputs.map(to);
    for (const nested of nestedGraphs(node)) renameAll(nested, to);
  }
}

function renameReads(node: Rewritable, from: string, to: string): void {
  if (node.inputs.includes(from)) node.inputs = renamed(node.inputs, from, to);
  for (const nested of nestedGraphs(node)) renameWithin(nested, from, to);
}

function renameWithin(graph: Graph, from: string, to: string): void {
  for (const node of graph.nodes) renameReads(node, from, to);
  for (const output of graph.outputs) if (output.name === from) output.name = to;
}

function renamed(names: readonly string[], from: string, to: string): string[] {
  return names.map((name) => (name === from ? to : name));
}
