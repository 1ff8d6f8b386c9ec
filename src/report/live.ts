/** The page of a run while it goes on: read-only, for browsers on this machine alone. */

import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ModelResult, Run } from '../batch/results.js';
import type { RunFolder } from '../batch/run-folder.js';
import { totalsOf } from '../batch/totals.js';
import { collectModels } from './collect.js';
import { EventClient, type Progress, type RunNews } from './event-client.js';
import { pageMaker } from './html.js';
import { modelDetail, modelRow } from './page-data.js';
import { readEvidence } from './read-evidence.js';

interface LiveOptions {
  folder: RunFolder;
  /** The run as it is now; its totals are counted here. */
  run: () => Run;
  /** What is done already. */
  results: () => readonly ModelResult[];
}

export interface LivePage {
  url: string;
  result(result: ModelResult): void;
  progress(progress: Progress): void;
  /** The run has ended: pages take with them what they need to go on without us. */
  end(run: Run): void;
  /** Waits a few seconds for pages that do. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const MOST_CLIENTS = 32;

/** Milliseconds in which a page takes its details along. */
const GRACE = 5000;

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

export async function serveLive({ folder, run, results }: LiveOptions): Promise<LivePage> {
  // Every account of this machine can reach the port; only who is told the path reads the page.
  const token = randomBytes(12).toString('base64url');
  const found = new Map<string, ModelResult>(results().map((result) => [result.name, result]));
  const order: string[] = [...found.keys()];
  let ended: Run | null = null;
  const current = (): Run => ended ?? { ...run(), totals: totalsOf(run().totals.models, found.values()) };
  const news: RunNews = {
    token,
    length: () => order.length,
    rows: (from, to) => order.slice(from, to).flatMap((name) => rowOf(found.get(name))),
    run: current,
    progress: undefined,
    ended: () => ended,
  };
  const clients = new Set<EventClient>();
  const page = (await pageMaker())({ summary: { run: current(), rows: [], live: true }, blocks: [] });
  const answer: Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<void> | void> = {
    '': (request, response) => send(request, response, 200, 'text/html; charset=utf-8', page),
    events: (request, response) => {
      if (clients.size >= MOST_CLIENTS) return refuse(request, response, 503, 'too many pages are open');
      if (request.method === 'HEAD') return send(request, response, 200, 'text/event-stream', '');
      const client = new EventClient(response, news, request.headers['last-event-id'], HEADERS);
      clients.add(client);
      response.on('close', () => clients.delete(client));
    },
    details: async (request, response) => {
      const models = await collectModels(folder, [...found.values()]);
      send(request, response, 200, 'application/json', JSON.stringify(models));
    },
  };
  const server = createServer((request, response) => {
    void respond(request, response).catch(() => response.destroy());
  });
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // A name that a stranger's server resolves to this machine does not make it the page's origin.
    if (!isOurs(request.headers.host, (server.address() as AddressInfo).port)) {
      return refuse(request, response, 421, 'this page is for browsers on the machine that it runs on');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      return refuse(request, response, 405, 'this page can only be read');
    }
    const [, given, path, ...rest] = (request.url ?? '').split('?')[0]?.split('/') ?? [];
    const missing = () => refuse(request, response, 404, 'there is no such page');
    if (given !== token || path === undefined) return missing();
    if (path === 'models' && rest.length === 1) {
      const result = found.get(decoded(rest[0] ?? ''));
      if (result === undefined) return missing();
      const detail = modelDetail(result, await readEvidence(folder, result.name));
      return send(request, response, 200, 'application/json', JSON.stringify(detail));
    }
    const act = rest.length === 0 && Object.hasOwn(answer, path) ? answer[path] : undefined;
    return act === undefined ? missing() : act(request, response);
  };
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, HOST, resolve));
  // The page alone is no reason for the process to stay.
  server.unref();
  const wake = () => {
    for (const client of clients) client.wake();
  };
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/${token}/`,
    result: (result) => {
      found.set(result.name, result);
      order.push(result.name);
      wake();
    },
    progress: (progress) => {
      news.progress = progress;
      wake();
    },
    end: (run) => {
      ended = run;
      wake();
    },
    close: async () => {
      const until = Date.now() + GRACE;
      while (ended !== null && clients.size > 0 && Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      server.close();
      server.closeAllConnections();
    },
  };
}

function rowOf(result: ModelResult | undefined) {
  return result === undefined ? [] : [modelRow(result)];
}

function isOurs(host: string | undefined, port: number): boolean {
  return host === `${HOST}:${port}` || host === `localhost:${port}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function send(request: IncomingMessage, response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { ...HEADERS, 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function refuse(request: IncomingMessage, response: ServerResponse, status: number, why: string): void {
  send(request, response, status, 'text/plain; charset=utf-8', `${why}\n`);
}
