import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { cacheFolder } from '../../src/environments/cache-folder.js';
import { compiledModule } from '../../src/paths.js';
import { ensureRuntime } from '../../src/runtimes/ensure.js';
import { plusOne } from './graphs.js';

/** ONNX Runtime's telemetry keeps what it is going to send in the home folder, and is off on CI by itself. */
async function leftAtHome(program: string): Promise<string[]> {
  const { binding } = await ensureRuntime('1.30.0');
  const folder = await mkdtemp(path.join(tmpdir(), 'predictable-home-'));
  const home = path.join(folder, 'home');
  const script = path.join(folder, 'program.mjs');
  try {
    await mkdir(home);
    await writeFile(script, program);
    const env = { PATH: process.env.PATH, HOME: home, PREDICTABLE_CACHE: cacheFolder(), BINDING: binding };
    await execa(process.execPath, [script], { input: Buffer.from(plusOne()), env, extendEnv: false });
    return await readdir(home, { recursive: true });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const ours = (origin: string) => `
import { buffer } from 'node:stream/consumers';
import { openSession } from ${JSON.stringify(compiledModule('inference/open.js').href)};
const session = await openSession(await buffer(process.stdin), { runtime: '1.30.0', origin: '${origin}' });
await session.run({ x: { type: 'float', shape: [1, 1], data: Float32Array.of(1) } });
await session.close();
process.exit();
`;

const theirs = `
import { buffer } from 'node:stream/consumers';
import { createRequire } from 'node:module';
const { InferenceSession, initOrtOnce } = createRequire(import.meta.url)(process.env.BINDING);
initOrtOnce(4, class {}, true);
const graph = await buffer(process.stdin);
new InferenceSession().loadModel(graph.buffer, graph.byteOffset, graph.byteLength, {});
process.exit();
`;

test.each(['made', 'foreign'])('nothing is reported of a %s graph', async (origin) => {
  expect(await leftAtHome(ours(origin))).toEqual([]);
});

test.runIf(process.platform === 'linux')('which the runtime does by itself', async () => {
  expect((await leftAtHome(theirs)).join('\n')).toMatch(/Microsoft/);
});
