/** The Ray cluster that a run asks for: an executor for it, when it can have what the run needs. */

import { PredictableError } from '../../errors.js';
import { RayExecutor, type RayOptions } from './ray-executor.js';

/** Packages of the user's own, which only environments of this machine have. */
interface OwnPackages {
  wheels?: string[] | undefined;
  requirements?: string | undefined;
}

interface Sandboxed {
  requireSandbox?: boolean | undefined;
}

/** Connects to nothing yet. Throws USAGE or SANDBOX_UNAVAILABLE. */
export function clusterFor({
  wheels,
  requirements,
  requireSandbox,
  ...options
}: RayOptions & OwnPackages & Sandboxed): RayExecutor {
  if (requireSandbox === true) {
    throw new PredictableError('SANDBOX_UNAVAILABLE', 'workers of a Ray cluster load models without a sandbox', {
      hint: 'Convert with --executor local, or leave --require-sandbox out.',
    });
  }
  if (wheels !== undefined || requirements !== undefined) {
    throw new PredictableError('USAGE', '--wheel and --requirements are not taken to a Ray cluster', {
      hint: 'Convert the models that need your own packages with --executor local.',
    });
  }
  return new RayExecutor(options);
}
