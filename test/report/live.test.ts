import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelResult } from '../../src/batch/results.js';
import { runFolder } from '../../src/batch/run-folder.js';
import { type LivePage, serveLive } from '../../src/report/live.js';
import { freshFolder } from '../support/folder.js';
import { converted, failed, HOSTILE_NAMES, runOf } from './results.js';

const folder = freshFolder('live');
let done: ModelResult[];
let live: LivePage;

beforeEach(async () => {
  done = [converted('first')];
  const run = runOf([], { finished: false, totals: { ...runOf([]).totals, models: 3 } });
  live = await serveLive({ folder: runFolder(folder), run: () => run, results: () => done });
});

afterEach(async () => {
  await live.close();
});

interface Answer {
  status: number;
  headers: IncomingMessage['headers'];
  body: string;
}

/** Without fetch, which would not send another Host. */
function ask(address: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(new URL(address, live.url), options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        body += part;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

interface Told {
  event: string;
  id: string | undefined;
  data: { rows?: { name: string }[]; run?: { totals: { converted: number; models: number } } };
}

/** Events as they come; `until` says when it is enough. */
function listen(until: (told: Told[]) => boolean, lastEventId?: string): Promise<Told[]> {
  return new Promise((resolve, reject) => {
    const headers = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    const asked = request(new URL('events', live.url), { headers }, (response) => {
      const told: Told[] = [];
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        text += part;
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          told.push(eventOf(text.slice(0, end)));
          text = text.slice(end + 2);
        }
        if (until(told)) {
          asked.destroy();
          resolve(told);
        }
      });
      response.on('end', () => reject(new Error('the stream ended')));
    }).on('error', reject);
    asked.end();
  });
}

function eventOf(text: string): Told {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1];
  return { event: field('event') ?? '', id: field('id'), data: JSON.parse(field('data') ?? 'null') };
}

const namesOf = (told: Told[]) => told.flatMap(({ data }) => data.rows ?? []).map(({ name }) => name);

describe('who may ask for what', () => {
  it('serves the page, which may only talk to where it came from', async () => {
    const { status, headers, body } = await ask('');
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(body).toContain("default-src 'none'");
    expect(body).toContain("connect-src 'self'");
    expect((await ask('', { method: 'HEAD' })).body).toBe('');
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    const { status, headers } = await ask('', { method });
    expect(status).toBe(405);
    expect(headers.allow).toBe('GET, HEAD');
  });

  it('refuses a name that somebody else made to mean this machine', async () => {
    const { port } = new URL(live.url);
    expect((await ask('', { headers: { Host: `evil.example:${port}` } })).status).toBe(421);
    expect((await ask('', { headers: { Host: '127.0.0.1' } })).status).toBe(421);
    expect((await ask('', { headers: { Host: `localhost:${port}` } })).status).toBe(200);
  });

  it.each(['/', '/events', '/x/', 'nothing', 'models/', 'models/..%2f..%2fetc%2fpasswd', 'models/a/b', '__proto__'])(
    'has nothing at %s',
    async (address) => {
      expect((await ask(address)).status).toBe(404);
    },
  );

  it('cannot be reached from another machine', async () => {
    const { hostname, port } = new URL(live.url);
    expect(hostname).toBe('127.0.0.1');
    const outward = Object.values(networkInterfaces())
      .flatMap((addresses = []) => addresses)
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of outward) {
      const reached = await new Promise((resolve) => {
        const socket = connect(Number(port), address)
          .on('connect', () => resolve(true))
          .on('error', () => resolve(false));
        socket.on('close', () => socket.destroy());
      });
      expect(reached, address).toBe(false);
    }
  });
});

describe('/events', () => {
  it('tells what is done already, then each model as it finishes, then that the run has ended', async () => {
    const heard = listen((told) => told.some(({ event }) => event === 'end'));
    live.result(failed('second'));
    live.progress({ done: 2, total: 3, left: 1000 });
    live.result(converted('third'));
    live.end(runOf([...done, failed('second'), converted('third')]));
    const told = await heard;
    expect(told[0]?.event).toBe('snapshot');
    expect(namesOf(told)).toEqual(['first', 'second', 'third']);
    expect(told.at(-1)?.event).toBe('end');
    expect(told.filter(({ event }) => event === 'progress').map(({ data }) => data)).toEqual([
      { done: 2, total: 3, left: 1000 },
    ]);
    const last = told.findLast(({ event }) => event === 'results');
    expect(last?.data.run?.totals).toMatchObject({ models: 3, converted: 2, failed: 1 });
  });

  it('goes on where a connection broke', async () => {
    const [, before] = await listen((told) => namesOf(told).length === 1);
    live.result(converted('second'));
    const told = await listen((told) => namesOf(told).length === 1, before?.id);
    expect(told.map(({ event }) => event)).toEqual(['results']);
    expect(namesOf(told)).toEqual(['second']);
  });

  it.each(['', 'another:1', 'x', '1'])('begins anew for the id %j of another server', async (id) => {
    const told = await listen((told) => namesOf(told).length === 1, id);
    expect(told.map(({ event }) => event)).toEqual(['snapshot', 'results']);
  });

  it('lets a page that reads slowly fall behind, and catch up, while others are told at once', async () => {
    const { hostname, port, pathname } = new URL(live.url);
    const slow = connect(Number(port), hostname);
    await new Promise((resolve) => slow.once('connect', resolve));
    slow.pause();
    slow.write(`GET ${pathname}events HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    const models = 20_000;
    for (let index = 0; index < models; index++) live.result(converted(`${'m'.repeat(300)}${index}`));
    const quick = await listen((told) => namesOf(told.slice(-1)).at(-1)?.endsWith('m19999') === true);
    expect(namesOf(quick)).toHaveLength(models + 1);
    let text = '';
    let end = '';
    const caughtUp = new Promise<void>((resolve) => {
      slow.on('data', (part) => {
        text += part.toString('latin1');
        end = `${end.slice(-10)}${part.toString('latin1')}`;
        if (end.includes('m19999"')) resolve();
      });
    });
    slow.resume();
    await caughtUp;
    expect(text.match(/"name":"m{300}\d+"/g)).toHaveLength(models);
    slow.destroy();
  });
});

describe('/models', () => {
  it.each(HOSTILE_NAMES)('answers with the details of %j', async (name) => {
    live.result(converted(name));
    const { status, headers, body } = await ask(`models/${encodeURIComponent(name)}`);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['x-content-type-options']).toBe('nosniff');
    const detail = JSON.parse(body);
    expect(detail.facts.name).toBe(name);
    expect(detail.sql.text).toContain('PREDICT');
  });

  it('does not know a model that is not done', async () => {
    expect((await ask('models/third')).status).toBe(404);
  });
});

it('hands out all details at once, for pages that outlive it', async () => {
  live.result(converted('second'));
  live.result(failed('second'));
  const { rows, blocks } = JSON.parse((await ask('details')).body);
  expect(rows).toMatchObject([
    { name: 'first', block: 0 },
    { name: 'second', status: 'failed', block: 0 },
  ]);
  expect(blocks).toHaveLength(1);
});
