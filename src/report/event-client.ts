/**
 * One page that follows the run. It reads the run's results at its own pace: a slow one falls behind, and neither the
 * run nor our memory notices.
 */

import type { ServerResponse } from 'node:http';
import type { Run } from '../batch/results.js';
import type { ModelRow } from './page/data.js';

export interface Progress {
  done: number;
  total: number;
  /** Milliseconds that it will still take, where that can be told. */
  left?: number | undefined;
}

/** What there is to tell; every page reads it from where it is. */
export interface RunNews {
  /** Of this server: ids of another's events mean nothing here. */
  token: string;
  /** Results so far; a row may come again when its model did. */
  length: () => number;
  rows: (from: number, to: number) => ModelRow[];
  run: () => Run;
  progress: Progress | undefined;
  ended: () => Run | null;
}

/** Rows of one event. */
const BATCH = 200;

/** Milliseconds between signs of life, and those after which a page that takes nothing is given up. */
const HEARTBEAT = 15_000;
const STALLED = 60_000;

export class EventClient {
  /** Results that it has been sent. */
  private next = 0;
  private said: Progress | undefined;
  private ended = false;
  private blockedSince: number | undefined;
  private scheduled = false;
  private readonly timer = setInterval(() => this.beat(), HEARTBEAT).unref();

  constructor(
    private readonly response: ServerResponse,
    private readonly news: RunNews,
    lastEventId: string | string[] | undefined,
    headers: Record<string, string>,
  ) {
    response.writeHead(200, { ...headers, 'Content-Type': 'text/event-stream' });
    response.on('close', () => clearInterval(this.timer));
    response.on('drain', () => {
      this.blockedSince = undefined;
      this.wake();
    });
    const known = this.positionOf(lastEventId);
    if (known === undefined) this.send('snapshot', { run: news.run() });
    else this.next = known;
    this.wake();
  }

  /** There may be news: all that comes in one turn goes out together. */
  wake(): void {
    if (this.scheduled || this.blockedSince !== undefined) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.pump();
    });
  }

  private pump(): void {
    const { news } = this;
    while (this.blockedSince === undefined && this.next < news.length()) {
      const to = Math.min(news.length(), this.next + BATCH);
      const rows = news.rows(this.next, to);
      this.next = to;
      this.send('results', { run: news.run(), rows }, `${news.token}:${to}`);
    }
    if (this.blockedSince !== undefined) return;
    if (news.progress !== this.said) {
      this.said = news.progress;
      this.send('progress', news.progress ?? {});
    }
    const run = news.ended();
    if (run !== null && !this.ended) {
      this.ended = true;
      this.send('end', run);
    }
  }

  private send(event: string, data: object, id?: string): void {
    const lines = [`event: ${event}`, ...(id === undefined ? [] : [`id: ${id}`]), `data: ${JSON.stringify(data)}`];
    this.write(`${lines.join('\n')}\n\n`);
  }

  private write(text: string): void {
    if (this.response.destroyed || this.response.write(text)) return;
    this.blockedSince ??= Date.now();
  }

  private beat(): void {
    if (this.blockedSince === undefined) this.write(': still here\n\n');
    else if (Date.now() - this.blockedSince > STALLED) this.response.destroy();
  }

  private positionOf(lastEventId: string | string[] | undefined): number | undefined {
    const [token, position = ''] = String(lastEventId ?? '').split(':');
    const known = Number(position);
    const ours = token === this.news.token && /^\d+$/.test(position) && known <= this.news.length();
    return ours ? known : undefined;
  }
}
