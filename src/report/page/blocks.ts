/** What the page carries inside it: JSON as it is, and larger parts compressed until they are asked for. */

import type { ModelDetail, ModelRow, Summary } from './data.js';
import { part } from './dom.js';

/** Blocks that stay unpacked: walking to a neighbour and back costs nothing. */
const MOST_KEPT = 4;

export function readJson<T>(id: string): T {
  return JSON.parse(part(id).textContent ?? '') as T;
}

export function readSummary(): Summary {
  return readJson<Summary>('summary');
}

/** What is inside an element: text that was compressed with gzip and written in base64. */
export function unpackElement(id: string): Promise<string> {
  return unpack(part(id).textContent?.trim() ?? '');
}

export class Details {
  private readonly kept = new Map<number, Promise<ModelDetail[]>>();
  /** Blocks that came over the line, once there is no server any more. */
  private taken: string[] | null = null;

  constructor(private readonly live: boolean) {}

  async of({ name, block }: ModelRow): Promise<ModelDetail> {
    if (this.live && this.taken === null) return fetchDetail(name);
    if (block === undefined) throw new Error('the page holds no details of it');
    const details = await this.block(block);
    const found = details.find(({ facts }) => facts.name === name);
    if (found === undefined) throw new Error(`block ${block} does not hold it`);
    return found;
  }

  /** All details, from a server that is about to end; null when it has gone already. */
  async takeAlong(): Promise<ModelRow[] | null> {
    try {
      const { rows, blocks } = (await fetchJson('details')) as { rows: ModelRow[]; blocks: string[] };
      this.taken = blocks;
      return rows;
    } catch {
      return null;
    }
  }

  private block(index: number): Promise<ModelDetail[]> {
    const there = this.kept.get(index);
    if (there !== undefined) return there;
    const packed = this.taken === null ? unpackElement(`block-${index}`) : unpack(this.taken[index] ?? '');
    const unpacked = packed.then((text) => JSON.parse(text) as ModelDetail[]);
    this.kept.set(index, unpacked);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
    return unpacked;
  }
}

async function unpack(packed: string): Promise<string> {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

async function fetchDetail(name: string): Promise<ModelDetail> {
  return (await fetchJson(`models/${encodeURIComponent(name)}`)) as ModelDetail;
}

async function fetchJson(address: string): Promise<unknown> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}
