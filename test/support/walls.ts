/** Which walls of the sandbox this machine lacks: a container may forbid what its kernel has. */

import { measuredWalls } from '../../src/bridge/measured-walls.js';
import { missingWalls, type SandboxProfile } from '../../src/bridge/sandbox.js';
import { findInterpreters } from '../../src/environments/interpreters.js';

/** Why tests of them are skipped, for their titles; empty where all stand. */
export async function lackingWalls(profile: SandboxProfile = 'python'): Promise<string> {
  const [newest] = await findInterpreters();
  const lacking = newest === undefined ? ['Python'] : missingWalls(await measuredWalls(newest.path, profile));
  return lacking.length === 0 ? '' : ` (skipped: not on this machine: ${lacking.join(', ')})`;
}
