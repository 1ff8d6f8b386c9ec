import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { program } from './run.js';

const folder = mkdtempSync(path.join(tmpdir(), 'interruption-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(args: string[]): { child: ChildProcess; ended: Promise<{ code: number | undefined; said: string }> } {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    env: { ...process.env, PREDICTABLE_PASSWORD: 'x' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  // As a shell says it: the program's own exit code, or 128 and the number of the signal.
  const numbers: Record<string, number> = { SIGINT: 130, SIGTERM: 143 };
  return { child, ended: once(child, 'close').then(([code, signal]) => ({ code: code ?? numbers[signal], said })) };
}

/** Resolves when the process has the file open. */
async function reads(pid: number, file: string): Promise<void> {
  const open = () => {
    const fds = `/proc/${pid}/fd`;
    return readdirSync(fds).some((fd) => {
      try {
        return readlinkSync(path.join(fds, fd)) === file;
      } catch {
        return false; // closed since
      }
    });
  };
  while (!open()) await sleep(20);
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it.runIf(process.platform === 'linux')('ends work that knows nothing of it, at once', async () => {
    const file = path.join(folder, `endless-${signal}.joblib`);
    writeFileSync(file, '');
    // Nothing of it lies on the disk, and its sha256 takes an hour.
    truncateSync(file, 2 ** 40);
    const { child, ended } = start(['trust', file, '-o', 'trust.lock']);
    await reads(child.pid ?? 0, file);
    child.kill(signal);
    expect(await ended).toEqual({
      code: signal === 'SIGINT' ? 130 : 143,
      said: expect.stringContaining('CANCELLED: interrupted'),
    });
    expect(readdirSync(folder).filter((name) => !name.endsWith('.joblib'))).toEqual([]);
    rmSync(file);
  });

  it('ends work that waits for a server which never answers', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { child, ended } = start(['list', '--registry', `mssql://ml@127.0.0.1:${port}/ml`]);
    await once(server, 'connection');
    child.kill(signal);
    expect(await ended).toEqual({ code: 130, said: expect.stringContaining('CANCELLED: interrupted') });
    server.close();
  });
});
