// How long until help and the version are there, against an empty Node.

import { inTurn, timeCommand } from './measure.mjs';
import { cli } from './prepare.mjs';

export async function startup() {
  const node = () => timeCommand([process.execPath, '-e', '0']);
  const rows = [];
  for (const option of ['--help', '--version']) {
    const result = await inTurn(() => timeCommand([process.execPath, cli, option]), node, 15);
    rows.push({ name: `predictable ${option} / node -e 0`, ...result, goal: '≤ 2.5', met: result.ratio <= 2.5 });
  }
  return rows;
}
