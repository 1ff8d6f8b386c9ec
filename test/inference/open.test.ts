import { describe, expect, it } from 'vitest';
import { openSession } from '../../src/inference/open.js';
import type { Session, SessionOptions } from '../../src/inference/session.js';
import type { Tensor } from '../../src/tensor.js';
import { endlessLoop, memoryHog, plusOne } from './graphs.js';

function rows(...values: number[]): Record<string, Tensor> {
  return { x: { type: 'float', shape: [values.length, 1], data: Float32Array.from(values) } };
}

async function using<T>(
  bytes: Uint8Array,
  options: SessionOptions,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await openSession(bytes, options);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

describe.each(['made', 'foreign'] as const)('a %s graph', (origin) => {
  it.each(['1.30.0', '1.12.1'] as const)('runs in ONNX Runtime %s', async (runtime) => {
    const outputs = await using(plusOne(), { runtime, origin }, (session) => session.run(rows(1, 2, 3)));
    expect(outputs.y).toEqual({ type: 'float', shape: [3, 1], data: Float32Array.of(2, 3, 4) });
  });

  it('takes the buffers of its feeds away or copies them, and answers runs in order', async () => {
    await using(plusOne(), { runtime: '1.30.0', origin }, async (session) => {
      const answers = await Promise.all([1, 2, 3, 4].map((value) => session.run(rows(value))));
      expect(answers.map(({ y }) => y?.data)).toEqual([2, 3, 4, 5].map((value) => Float32Array.of(value)));
    });
  });

  it('says in the runtime’s words why it does not load, and why it does not run', async () => {
    await expect(openSession(Buffer.from('no graph'), { runtime: '1.30.0', origin })).rejects.toMatchObject({
      code: 'INFERENCE_FAILED',
    });
    await using(plusOne(), { runtime: '1.30.0', origin }, async (session) => {
      await expect(session.run({})).rejects.toMatchObject({
        code: 'INFERENCE_FAILED',
        message: expect.stringContaining('x'),
      });
    });
  });
});

describe('a foreign graph', () => {
  it('is ended when it never ends', async () => {
    await using(endlessLoop(), { runtime: '1.30.0', origin: 'foreign', timeout: 1500 }, async (session) => {
      await expect(session.run(rows(1))).rejects.toMatchObject({ code: 'INFERENCE_TIMEOUT' });
      // The process is gone: nothing later hangs.
      await expect(session.run(rows(1))).rejects.toMatchObject({ code: 'INFERENCE_TIMEOUT' });
    });
  });

  it('is ended when it takes too much memory', async () => {
    const options = { runtime: '1.30.0', origin: 'foreign', memory: 300 } as const;
    // The runtime folds constants while it loads, so the load may end already.
    const run = using(memoryHog(2 ** 30), options, (session) => session.run(rows(1)));
    await expect(run).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
  });
});
