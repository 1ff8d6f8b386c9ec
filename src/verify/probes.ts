/** Probe rows of a verification: which rows they are, of which kinds, and how a message names one. */

import { z } from 'zod';

/** Rows that follow one another, of one kind; `column`: the one that they are about, null where it is about several. */
export const probeRunSchema = z.object({ kind: z.string(), column: z.string().nullable(), rows: z.number().int() });
type ProbeRun = z.infer<typeof probeRunSchema>;

export const probesSchema = z.object({
  /** Rows that were compared. */
  rows: z.number().int(),
  /** More that the original itself refuses. */
  refused: z.number().int(),
  /** Rows by kind. */
  kinds: z.record(z.string(), z.number().int()),
  /** Whether there are fewer than were asked for: the original is slow, or the rows are wide. */
  limited: z.boolean(),
});
export type ProbeCounts = z.infer<typeof probesSchema>;

/** What is known of one probe row. */
export interface Probe {
  kind: string;
  column: string | null;
}

/** Kinds of which a number is not the sample's, but one at which models change their minds. */
const EDGES = new Set(['zero', 'extreme', 'large', 'threshold']);

/** A probe a row, in order. */
export function probesOf(runs: readonly ProbeRun[]): Probe[] {
  return runs.flatMap(({ kind, column, rows }) => Array.from({ length: rows }, () => ({ kind, column })));
}

/** Whether what rounding does to the row says nothing of rows like the sample's. */
export function atTheEdge({ kind }: Probe): boolean {
  return EDGES.has(kind);
}

/** Counts of those that were compared; `skipped` marks the others. */
export function countProbes(
  probes: readonly Probe[],
  skipped: (at: number) => boolean,
  { refused, limited }: Pick<ProbeCounts, 'refused' | 'limited'>,
): ProbeCounts {
  const kinds: Record<string, number> = {};
  for (const [at, { kind }] of probes.entries()) if (!skipped(at)) kinds[kind] = (kinds[kind] ?? 0) + 1;
  const rows = Object.values(kinds).reduce((sum, count) => sum + count, 0);
  return { rows, refused, kinds, limited };
}

/** Rows that the original does not decide by kind, with those that are `tied`; those before the probes are `sample`. */
export function withTied(
  undecided: Record<string, number>,
  tied: Set<number>,
  probes: readonly Probe[],
  sampled: number,
): Record<string, number> {
  const counts = { ...undecided };
  for (const row of tied) {
    const kind = probes[row - sampled]?.kind ?? 'sample';
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** "a row with NULL in city", "age at a threshold". */
export function probeName({ kind, column }: Probe): string {
  const name = column ?? 'several columns';
  switch (kind) {
    case 'null':
      return `a row with NULL in ${column ?? 'every column that may be missing'}`;
    case 'marker':
      return `a row with the mark of a missing value in ${name}`;
    case 'category':
      return `a row with a category of ${name}`;
    case 'unknown':
      return `a value of ${name} that was never seen`;
    case 'zero':
      return `${name} at zero`;
    case 'extreme':
      return `${name} at an extreme of the sample or beyond`;
    case 'large':
      return `a large whole number in ${name}`;
    case 'threshold':
      return `${name} at a threshold`;
    case 'made-up':
      return 'a made-up row';
    default:
      return 'values of several sample rows, mixed';
  }
}
