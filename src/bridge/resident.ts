/** How much memory a process and all that it started hold. */

import { readFileSync } from 'node:fs';

/** The page size of every system whose /proc is read here is told by no file of it; 4 KiB is Linux's on x86-64 and most ARM. */
const PAGE = 4096;

/** Resident bytes of the process and its descendants; 0 where the system does not tell, or when they are gone. */
export function residentBytes(pid: number): number {
  try {
    const [, resident = '0'] = readFileSync(`/proc/${pid}/statm`, 'latin1').split(' ');
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').trim();
    const below = children === '' ? [] : children.split(' ').map((child) => residentBytes(Number(child)));
    return below.reduce((sum, bytes) => sum + bytes, Number(resident) * PAGE);
  } catch {
    return 0;
  }
}
