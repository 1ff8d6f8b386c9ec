import { afterEach, expect, test } from 'vitest';
import { mustHavePredict, probeModel, probePredict, probeStatement } from '../../src/server/predict-probe.js';
import { RUNTIME_NAMES, runGraph } from '../graph/run.js';
import { type ScriptedServer, startScripted } from '../registry/mssql/scripted/server.js';
import type { TdsAnswer } from '../support/tds/answer.js';

const NEW = { opset: 17, ir: 8 };
const OLD = { opset: 12, ir: 6 };

let scripted: ScriptedServer | null = null;
afterEach(() => scripted?.close());

/** A server that answers the probe with the newer and the older model. */
async function server(newer: TdsAnswer, older: TdsAnswer = newer) {
  scripted = await startScripted({
    further: ({ text }) => (text === probeStatement(NEW) ? newer : text === probeStatement(OLD) ? older : null),
  });
  return scripted.registry().server;
}

const answered = (y: number): TdsAnswer => ({ sets: [{ columns: [{ name: 'y', type: 'real' }], rows: [[y]] }] });
const refused = (number: number, message: string): TdsAnswer => ({ errors: [{ number, message }] });

test.each([NEW, OLD])(
  'the model of opset $opset is one that PREDICT takes, and gives back what it gets',
  async (profile) => {
    for (const runtime of RUNTIME_NAMES) {
      const { y } = await runGraph(probeModel(profile), { x: { type: 'float', dims: [1, 1], values: [1.5] } }, runtime);
      expect(y?.values).toEqual([1.5]);
    }
  },
);

test('works, with the newest models that it takes', async () => {
  expect(await probePredict(await server(answered(1.5)))).toEqual({ state: 'works', ...NEW });
  await scripted?.close();
  const corrupt = refused(39051, 'model is corrupt or invalid');
  expect(await probePredict(await server(corrupt, answered(1.5)))).toEqual({ state: 'works', ...OLD });
});

test.each([
  [102, "Incorrect syntax near '='."],
  [156, "Incorrect syntax near the keyword 'WITH'."],
  [33557097, 'syntax error near "PREDICT" at line 3'],
  [39054, 'RUNTIME is invalid.'],
])('is absent where the server cannot read it: error %i', async (number, message) => {
  const there = await server(refused(number, message));
  expect(await probePredict(there)).toMatchObject({ state: 'absent', message: expect.stringContaining(message) });
  await expect(mustHavePredict(there)).rejects.toMatchObject({
    code: 'NO_ONNX_PREDICT',
    message: expect.stringContaining(message),
    hint: expect.stringContaining('--engine local'),
  });
  // It was asked once: another model would not help.
  expect(scripted?.tds.requests.filter(({ text }) => text === probeStatement(OLD))).toEqual([]);
});

test('is denied where the login may not', async () => {
  const there = await server(refused(229, 'The EXECUTE permission was denied on the object.'));
  expect(await probePredict(there)).toMatchObject({ state: 'denied', message: expect.stringContaining('229') });
  await expect(mustHavePredict(there)).rejects.toMatchObject({ code: 'PERMISSION_DENIED' });
});

test('has failed when it says something else, or gives something else', async () => {
  const there = await server(refused(39098, 'PREDICT failed.'));
  expect(await probePredict(there)).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('PREDICT failed.'),
  });
  await expect(mustHavePredict(there)).rejects.toMatchObject({ code: 'SERVER_ERROR' });
  await scripted?.close();
  expect(await probePredict(await server(answered(2)))).toMatchObject({
    state: 'failed',
    message: expect.stringContaining('gave 2 for 1.5'),
  });
});

test('says nothing of PREDICT when nobody answers', async () => {
  const there = await server(answered(1.5));
  void scripted?.tds.fault({ when: 'request', do: 'drop', times: 100 });
  await expect(probePredict(there)).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
});
