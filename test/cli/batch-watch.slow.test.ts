import path from 'node:path';
import { execa } from 'execa';
import { beforeAll, expect, test } from 'vitest';
import { Converters } from '../../src/convert/converters.js';
import { packageRoot } from '../../src/paths.js';
import { sharedFolder } from '../support/folder.js';
import { program } from './run.js';

const folder = sharedFolder('watch');

beforeAll(async () => {
  const converters = await Converters.open({});
  const sklearn = converters.manifests.find(({ id }) => id === 'sklearn');
  const { python } = (await converters.prepare(sklearn!)).environment;
  await converters.close();
  const train = path.join(packageRoot, 'samples', 'train.py');
  await execa(python!, [train, path.join(folder, 'models'), '--only', 'iris', 'diabetes-boosting']);
});

test('batch --watch says where the page is, and tells it each model and the end', async () => {
  const run = execa(process.execPath, [program, 'batch', 'models', '--trust', '--watch', '-o', 'run'], { cwd: folder });
  const address = await new Promise<string>((resolve, reject) => {
    let noted = '';
    run.stderr.on('data', (part) => {
      noted += part;
      const [, found] = /watch it: (\S+)/.exec(noted) ?? [];
      if (found !== undefined) resolve(found);
    });
    run.on('exit', () => reject(new Error(noted)));
  });
  const events = await fetch(new URL('events', address));
  let told = '';
  for await (const part of events.body!) {
    told += Buffer.from(part).toString();
    if (told.includes('event: end')) break;
  }
  expect(told).toMatch(/^event: snapshot/);
  expect(told).toContain('"name":"iris"');
  expect(told).toContain('"name":"diabetes-boosting"');
  expect(told).toContain('"done":2,"total":2');
  expect(told).toMatch(/event: end\ndata: .*"finished":true/);
  const { exitCode } = await run;
  expect(exitCode).toBe(0);
  // The page goes with the run.
  await expect(fetch(address)).rejects.toThrow();
});
