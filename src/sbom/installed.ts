/** The packages of an environment as it is: of a lock, those that are for this machine, and the user's own beside them. */

import { execa } from 'execa';
import { type LockedPackage, sameProject } from './lock.js';

const LIST = `import importlib.metadata as m, json
print(json.dumps(sorted({(d.metadata["Name"], d.version) for d in m.distributions()})))`;

/** Each with the hashes of the lock, where it has that version: a package of the user's own has none. */
export async function installedPackages(python: string, locked: LockedPackage[]): Promise<LockedPackage[]> {
  // Isolated: nothing of the working folder or of the user's environment is imported.
  const { stdout } = await execa(python, ['-I', '-c', LIST]);
  return (JSON.parse(stdout) as [string, string][]).map(([name, version]) => {
    const known = locked.find((each) => sameProject(each.name, name) && each.version === version);
    return { name, version, sha256: known?.sha256 ?? [] };
  });
}
