/** Which of a target's runtimes this machine has. */

import type { RuntimeVersion, TargetProfile } from '../targets/targets.js';

/** npm's packages of these come with the project; 1.5.2 needs a Python 3.8. */
const BUNDLED: readonly RuntimeVersion[] = ['1.30.0', '1.12.1'];

export async function checkedRuntimes(
  target: TargetProfile,
): Promise<{ runtimes: RuntimeVersion[]; runtimesNotChecked: RuntimeVersion[] }> {
  return {
    runtimes: target.runtimes.filter((runtime) => BUNDLED.includes(runtime)),
    runtimesNotChecked: target.runtimes.filter((runtime) => !BUNDLED.includes(runtime)),
  };
}
