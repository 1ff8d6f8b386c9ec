/** What DuckDB says about a registry's file, in words that help. */

import { readFile } from 'node:fs/promises';
import { PredictableError } from '../../errors.js';

/** DuckDB's error as ours; what is already ours, or is no complaint about the file, comes back unchanged. */
export async function registryError(file: string, error: unknown): Promise<unknown> {
  if (error instanceof PredictableError || !(error instanceof Error)) return error;
  const message = error.message;
  if (isLock(error)) return locked(file, message, error);
  if (/No space left|disk full|ENOSPC/i.test(message)) {
    return new PredictableError('DISK_FULL', `${file}: the disk is full`, {
      hint: 'Free some space and run it again; the registry is as it was before.',
      cause: error,
    });
  }
  if (/Permission denied|Read-only file system/i.test(message)) {
    return new PredictableError('PERMISSION_DENIED', `${file}: ${message}`, {
      hint: 'Check the rights on the file and its folder.',
      cause: error,
    });
  }
  if (/No such file or directory/i.test(message)) {
    return new PredictableError('FILE_NOT_FOUND', `${file}: ${message}`, {
      hint: 'Make the folder first.',
      cause: error,
    });
  }
  if (isDamage(error)) return damaged(file, message, error);
  return error;
}

export function isLock(error: unknown): boolean {
  return error instanceof Error && /Could not set lock|Conflicting lock/i.test(error.message);
}

/** Blocks that do not match their checksums, headers that are none. */
export function isDamage(error: unknown): boolean {
  return (
    error instanceof Error &&
    /checksum|corrupt|not a valid DuckDB|Could not read enough bytes|Serialization Error|database has been invalidated|fatal/i.test(
      error.message,
    )
  );
}

export function damaged(file: string, why: string, cause?: unknown): PredictableError {
  return new PredictableError('REGISTRY_DAMAGED', `${file} is no sound registry: ${why}`, {
    hint: 'It was left as it is. Restore it from a copy, or give another file with --registry duckdb:FILE.',
    cause,
  });
}

/** DuckDB names the program (always node) and its PID; the command line says who it really is. */
async function locked(file: string, message: string, cause: Error): Promise<PredictableError> {
  const pid = /PID (\d+)/.exec(message)?.[1];
  const command = pid === undefined ? null : await commandOf(pid);
  const holder = pid === undefined ? 'another process' : `process ${pid}${command === null ? '' : ` (${command})`}`;
  return new PredictableError('REGISTRY_LOCKED', `${file} is open in ${holder}`, {
    hint: 'Wait until it is done, or close it, then run it again.',
    details: { file, pid: pid === undefined ? null : Number(pid), command },
    cause,
  });
}

/** The program and its script, without further arguments: they may be long, and may be secret. Linux only. */
async function commandOf(pid: string): Promise<string | null> {
  try {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter((word) => word !== '');
    return words.length === 0 ? null : words.slice(0, 2).join(' ');
  } catch {
    // No /proc, or the process has just ended: its PID must do.
    return null;
  }
}
