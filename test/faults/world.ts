/** A world of one case: a folder with its working folder, its temporary folder and, where it is asked for, its cache. */

import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { processesOf, send } from './processes.js';
import type { Stage } from './stages.js';

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export class World {
  readonly tmp: string;
  readonly work: string;

  /** `model`: the world that every other begins as. */
  constructor(
    readonly root: string,
    model: string,
    readonly variables: Record<string, string>,
  ) {
    cpSync(model, root, { recursive: true });
    this.tmp = path.join(root, 'tmp');
    this.work = path.join(root, 'work');
    for (const place of ['tmp', 'work/made', 'cache']) mkdirSync(path.join(root, place), { recursive: true });
  }

  /** `before`: words of a confinement. */
  start(stage: Stage, before: string[] = [], further: string[] = []): Running {
    const [launcher = process.execPath, ...words] = [...before, process.execPath, ...stage.words, ...further];
    const child = spawn(launcher, words, {
      cwd: this.work,
      env: {
        ...process.env,
        ...this.variables,
        TMPDIR: this.tmp,
        ...(stage.caches ? { PREDICTABLE_CACHE: path.join(this.root, 'cache') } : {}),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Running(child);
  }

  /** How many rows each table of the registry has; null where there is none. A copy is opened: looking changes nothing. */
  async registryState(file: string): Promise<string | null> {
    const original = path.join(this.work, file);
    if (!existsSync(original)) return null;
    const copy = path.join(this.root, 'looked-at.duckdb');
    for (const part of ['', '.wal']) if (existsSync(original + part)) cpSync(original + part, copy + part);
    const instance = await DuckDBInstance.create(copy);
    try {
      const connection = await instance.connect();
      const read = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
      const tables = await read('select schema_name, table_name from duckdb_tables() order by all');
      const counts = [];
      for (const [schema, table] of tables)
        counts.push(`${schema}.${table}: ${String((await read(`select count(*) from "${schema}"."${table}"`))[0])}`);
      connection.closeSync();
      return counts.join(', ');
    } finally {
      instance.closeSync();
      for (const part of ['', '.wal']) rmSync(copy + part, { force: true });
    }
  }

  /** What lies in the temporary folder. */
  temporary(): string[] {
    return readdirSync(this.tmp);
  }

  /** With whatever still runs in it. */
  remove(): void {
    for (const { pid } of processesOf(this.root)) send(pid, 'SIGKILL');
    rmSync(this.root, { recursive: true, force: true, maxRetries: 3 });
  }
}

export class Running {
  readonly ended: Promise<Ended>;
  over = false;

  constructor(readonly child: ChildProcess) {
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (data) => {
      stdout += data;
    });
    child.stderr?.on('data', (data) => {
      stderr += data;
    });
    this.ended = new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', () => {
        this.over = true;
      });
      child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }
}
