/** How many probe rows of which kinds a model was held to, in words. */

import { count, plural } from './text.js';

export interface ProbeFacts {
  rows: number;
  refused: number;
  kinds: Record<string, number>;
  limited: boolean;
}

const KINDS: Record<string, string> = {
  mixed: "of the sample's values mixed",
  null: 'with NULL',
  marker: 'with the mark of a missing value',
  category: 'with each category',
  unknown: 'with a value never seen',
  zero: 'at zero',
  extreme: 'at extremes and beyond',
  large: 'with large whole numbers',
  threshold: 'at thresholds',
  'made-up': 'made up',
};

/** `probes`: null where none were made; undefined in documents that are older than probes, of which nothing is said. */
export function probesText(probes: ProbeFacts | null | undefined, reference: string): string | null {
  if (probes === undefined) return null;
  if (probes === null)
    return reference === 'native'
      ? 'no probes were made'
      : 'no probes were possible, since the original does not predict here';
  const kinds = Object.entries(probes.kinds).map(([kind, rows]) => `${count(rows)} ${KINDS[kind] ?? kind}`);
  const refused = probes.refused === 0 ? '' : `; ${count(probes.refused)} more the original refuses`;
  const limited = probes.limited ? '; fewer than asked for, as the original is slow or its rows are wide' : '';
  return `${plural(probes.rows, 'probe')}: ${kinds.join(', ')}${refused}${limited}`;
}

/** Null where the original decided each row. */
export function undecidedText(undecided: Record<string, number> | undefined): string | null {
  const rows = Object.values(undecided ?? {}).reduce((sum, each) => sum + each, 0);
  return rows === 0 ? null : `${plural(rows, 'row')} left out, which the original itself does not decide`;
}
