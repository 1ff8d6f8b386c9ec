import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LogFolder } from '../../src/bridge/log-folder.js';

it('many pools put one listener on the end of the process, and take it away with the last of them', () => {
  const before = process.listenerCount('exit');
  const folders = Array.from({ length: 12 }, () => new LogFolder(undefined));
  const paths = folders.map((folder) => folder.path());
  expect(new Set(paths.filter((each) => existsSync(each))).size).toBe(12);
  expect(process.listenerCount('exit')).toBe(before + 1);
  for (const folder of folders) folder.remove();
  expect(paths.filter((each) => existsSync(each))).toEqual([]);
  expect(process.listenerCount('exit')).toBe(before);
});
