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

/** Text that was compressed with gzip and written in base64. */
export async function unpack(id: string): Promise<string> {
  const packed = atob(part(id).textContent?.trim() ?? '');
  const bytes = Uint8Array.from(packed, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

export class Details {
  private readonly kept = new Map<number, Promise<ModelDetail[]>>();

  constructor(private readonly live: boolean) {}

  async of({ name, block }: ModelRow): Promise<ModelDetail> {
    if (this.live) return fetchDetail(name);
    if (block === undefined) throw new Error('the page holds no details of it');
    const details = await this.block(block);
    const found = details.find(({ facts }) => facts.name === name);
    if (found === undefined) throw new Error(`block ${block} does not hold it`);
    return found;
  }

  private block(index: number): Promise<ModelDetail[]> {
    const there = this.kept.get(index);
    if (there !== undefined) return there;
    const unpacked = unpack(`block-${index}`).then((text) => JSON.parse(text) as ModelDetail[]);
    this.kept.set(index, unpacked);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
    return unpacked;
  }
}

async function fetchDetail(name: string): Promise<ModelDetail> {
  const response = await fetch(`models/${encodeURIComponent(name)}`);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as ModelDetail;
}
