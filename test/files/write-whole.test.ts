import { execFileSync, spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { ownerName } from '../../src/files/owner.js';
import { makeFolder, replaceWhole, writeWhole } from '../../src/files/write-whole.js';
import { compiledModule } from '../../src/paths.js';

const folder = mkdtempSync(path.join(tmpdir(), 'files-test-'));
const at = (...parts: string[]) => path.join(folder, ...parts);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file that is written whole', () => {
  it('takes the place of what was there, and leaves nothing beside it', async () => {
    writeFileSync(at('a.txt'), 'old');
    await writeWhole(at('a.txt'), 'new');
    expect(readFileSync(at('a.txt'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('may have a name as long as names can be', async () => {
    const name = `${'n'.repeat(251)}.csv`;
    await writeWhole(at(name), 'x');
    expect(readFileSync(at(name), 'utf8')).toBe('x');
    rmSync(at(name));
    await expect(writeWhole(at(`n${name}`), 'x')).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('the name is too long'),
    });
  });

  it('is as it was when writing fails, and nothing is left beside it', async () => {
    writeFileSync(at('b.txt'), 'old');
    const failing = replaceWhole(at('b.txt'), async (temporary) => {
      writeFileSync(temporary, 'half');
      throw new Error('in the middle');
    });
    await expect(failing).rejects.toThrow('in the middle');
    expect(readFileSync(at('b.txt'), 'utf8')).toBe('old');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('removes what a killed process left of one, and nothing of one that runs', async () => {
    const module = JSON.stringify(compiledModule('files/draft.js').href);
    const code = `const { draftBeside } = await import(${module}); const { writeFileSync } = await import('node:fs');
      writeFileSync(draftBeside(process.argv[1]), 'half'); process.kill(process.pid, 'SIGKILL');`;
    const place = at('drafts');
    mkdirSync(place);
    spawnSync(process.execPath, ['--input-type=module', '-e', code, path.join(place, 'c.txt')]);
    const [left = ''] = readdirSync(place);
    expect(left).toMatch(/^\.predictable-\d+\.\d+\.\w+-1\.tmp$/);
    const living = `.predictable-${ownerName()}-99.tmp`;
    writeFileSync(path.join(place, living), 'half');
    await writeWhole(path.join(place, 'c.txt'), 'whole');
    await vi.waitFor(() => expect(readdirSync(place).sort()).toEqual([living, 'c.txt']));
  });

  it.runIf(process.platform !== 'win32')(
    'never takes the place of a pipe or a device, through links either',
    async () => {
      execFileSync('mkfifo', [at('pipe')]);
      symlinkSync('/dev/null', at('device'));
      for (const [name, kind] of [
        ['pipe', 'a named pipe'],
        ['device', 'a device'],
      ] as const) {
        await expect(writeWhole(at(name), 'x')).rejects.toMatchObject({
          code: 'USAGE',
          message: expect.stringContaining(`${at(name)} is ${kind}`),
        });
      }
      expect(statSync(at('pipe')).isFIFO()).toBe(true);
    },
  );

  it('says which folder is not there, and what is no folder', async () => {
    await expect(writeWhole(at('no', 'where', 'c.txt'), 'x')).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      message: `${at('no', 'where', 'c.txt')} cannot be written: there is no folder ${at('no', 'where')}`,
    });
    await expect(makeFolder(at('a.txt', 'within'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(makeFolder(at('a.txt'))).rejects.toMatchObject({ code: 'FILE_EXISTS' });
    await expect(writeWhole(folder, 'x')).rejects.toMatchObject({
      code: 'USAGE',
      message: `${folder}: it is a folder`,
    });
  });
});
