// The most memory that a command and all that it started held together, as Linux tells it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

const EVERY_MS = 20;
const PAGE_MB = 4096 / 2 ** 20;

/**
 * MB, summed over the processes at one moment; pages that two of them share count twice. Throws when the command ends
 * otherwise than with one of the `accepted` codes.
 */
export async function peakMemory([command, ...args], { accepted = [0], every = EVERY_MS, ...options } = {}) {
  const child = spawn(command, args, { stdio: 'ignore', ...options });
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, resident(child.pid));
  }, every);
  const [code] = await once(child, 'exit');
  clearInterval(look);
  if (!accepted.includes(code)) throw new Error(`${command} ${args.join(' ')} failed`);
  return peak;
}

function resident(root) {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(stat);
  const tree = new Set([root]);
  // Until no generation is left: a process may be listed before its parent.
  for (let size = 0; size < tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of processes) if (tree.has(parent)) tree.add(pid);
  }
  return processes.reduce((sum, { pid, pages }) => sum + (tree.has(pid) ? pages * PAGE_MB : 0), 0);
}

function stat(name) {
  try {
    const text = readFileSync(`/proc/${name}/stat`, 'utf8');
    // What comes before may hold blanks and brackets: it is the program's name.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return [{ pid: Number(name), parent: Number(fields[1]), pages: Number(fields[21]) }];
  } catch {
    return []; // It has ended meanwhile.
  }
}
