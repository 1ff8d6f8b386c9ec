/** The errors of a conversion that has no result from Ray, and of a driver that has ended. */

import { pipError } from '../../environments/pip-output.js';
import { redactor } from '../../environments/redact.js';
import { type ErrorCode, PredictableError } from '../../errors.js';
import type { RayFailure } from './protocol.js';

/** Errors of the driver that say it best. */
const KEPT = new Set<ErrorCode>(['CANCELLED', 'RAY_UNREACHABLE', 'RAY_MISMATCH', 'USAGE', 'DISK_FULL']);

/** Ray's own words may be a whole log. */
const MOST_LINES = 30;

/** `subject`: the model; `environment`: shown when its packages cannot be installed. */
export function taskError({ kind, message }: RayFailure, subject: string, environment: string): PredictableError {
  const lines = redactor(process.env)(message)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const details = { ray: lines.slice(0, MOST_LINES) };
  switch (kind) {
    case 'environment':
      return pipError(environment, lines, 'the log of the node (runtime_env_setup-*.log)');
    case 'cancelled':
      return new PredictableError('CANCELLED', `${subject} was cancelled.`);
    case 'memory':
      return new PredictableError(
        'OUT_OF_MEMORY',
        `The node ran out of memory at ${subject}, and so did a second try.`,
        {
          hint: 'Say what a conversion needs, so that Ray runs fewer of them at once on a node, or take nodes with more memory.',
          details,
        },
      );
    case 'crash':
      return new PredictableError('CONVERTER_CRASHED', `The Python worker ended in the middle of ${subject}, twice.`, {
        hint: "Ray's words in the details say how; native code may have crashed on the model, or its node was lost.",
        details,
      });
    case 'disk':
      return new PredictableError('DISK_FULL', `The disk of a node or of this machine is full at ${subject}.`, {
        hint: 'Free some disk space and run it again.',
        details,
      });
    case 'cluster':
      return lostCluster(lines[0] ?? 'it gave no reason', lines.slice(0, MOST_LINES));
    case 'task':
      return new PredictableError('CONVERTER_FAILED', `${subject}: ${lines[0] ?? 'Ray gave no reason'}`, {
        hint: "Ray's words are in the details.",
        details,
      });
  }
}

/** What is in flight when the driver's interpreter, and with it the way to the cluster, is gone. */
export function driverError(thrown: unknown): PredictableError {
  if (!(thrown instanceof PredictableError)) return lostCluster(String(thrown), []);
  if (KEPT.has(thrown.code)) return thrown;
  const log = thrown.details?.log;
  return lostCluster(thrown.message, Array.isArray(log) ? log : []);
}

function lostCluster(reason: string, log: unknown[]): PredictableError {
  return new PredictableError('RAY_UNREACHABLE', `The connection to the Ray cluster was lost: ${reason}`, {
    hint: 'Run it again when the cluster is back: what has a result is not converted once more.',
    details: { log },
  });
}
