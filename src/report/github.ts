/** What a run tells GitHub Actions when it runs there: annotations, and the summary of the step. */

import { statSync } from 'node:fs';
import path from 'node:path';
import type { BatchDocument } from '../batch/results.js';
import { forReaders, inLine } from './page/visible.js';

type Core = typeof import('@actions/core');
type Kind = 'error' | 'warning';

interface GitHubOptions {
  /** The folder that the models' sources are relative to. */
  zoo: string;
  /** The text of `report.md`. */
  summary: string;
}

export function onGitHubActions(env: NodeJS.ProcessEnv = process.env): boolean {
  return env.GITHUB_ACTIONS === 'true';
}

/** Writes to stderr and to the file that `GITHUB_STEP_SUMMARY` names; stdout is left alone. */
export async function tellGitHub(document: BatchDocument, { zoo, summary }: GitHubOptions): Promise<void> {
  const core = await import('@actions/core');
  const findings = findingsOf(document);
  annotate(core, 'error', findings.error, zoo);
  annotate(core, 'warning', findings.warning, zoo);
  await summarize(core, summary);
}

interface Finding {
  title: string;
  message: string;
  source?: string;
}

/** A cached model's warnings were shown by the run that converted it. */
function findingsOf({ results }: BatchDocument): Record<Kind, Finding[]> {
  return {
    error: results.flatMap(({ name, source, status, error }) => {
      if (status !== 'failed' || error === undefined) return [];
      const { code, message, hint } = error;
      return [{ title: code, message: `${inLine(name)}: ${message}${hint === undefined ? '' : `\n${hint}`}`, source }];
    }),
    warning: results.flatMap(({ name, source, status, warnings }) => {
      if (status === 'cached') return [];
      return warnings.map(({ code, message }) => ({ title: code, message: `${inLine(name)}: ${message}`, source }));
    }),
  };
}

/** GitHub shows so many of a kind in a step, and drops the others without a word. */
const SHOWN = 10;

function annotate(core: Core, kind: Kind, findings: Finding[], zoo: string): void {
  const shown = findings.length > SHOWN ? findings.slice(0, SHOWN - 1) : findings;
  const left = findings.length - shown.length;
  const rest: Finding = {
    title: `and ${left} more`,
    message: `${left} more ${kind}s are in report.md, report.html and junit.xml`,
  };
  onStderr(() => {
    for (const { title, message, source } of left > 0 ? [...shown, rest] : shown) {
      const file = source === undefined ? undefined : inRepository(path.resolve(zoo, source));
      core[kind](forReaders(message), file === undefined ? { title } : { title, file: inLine(file) });
    }
  });
}

/** The path that an annotation is put on; undefined for what does not lie in the repository. */
function inRepository(file: string): string | undefined {
  const relative = path.relative(process.env.GITHUB_WORKSPACE ?? process.cwd(), file);
  if (/^\.\.(?:[\\/]|$)/.test(relative) || path.isAbsolute(relative)) return undefined;
  return relative.split(path.sep).join('/');
}

/**
 * The library knows stdout only, which has the document of `--json` or may lead to a file; GitHub's runner reads commands
 * from stderr as well.
 */
function onStderr(issue: () => void): void {
  const { write } = process.stdout;
  process.stdout.write = process.stderr.write.bind(process.stderr) as typeof write;
  try {
    issue();
  } finally {
    process.stdout.write = write;
  }
}

/** What GitHub takes of a step, by all that it runs; the whole is refused when there is more. */
const SUMMARY_BYTES = 1024 * 1024;

/** An hour's run does not fail because of its summary. */
async function summarize(core: Core, markdown: string): Promise<void> {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (!file) return;
  try {
    const written = statSync(file).size;
    await core.summary.addRaw(cut(markdown, SUMMARY_BYTES - written)).write();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    onStderr(() => core.warning(forReaders(`the summary of this step could not be written: ${reason}`)));
  }
}

const CUT = '> This is the beginning: GitHub takes no more. The whole is `report.md` in the folder of the run.\n\n';

/** Whole lines, at most so many bytes of UTF-8. The note comes first: what is cut may be inside of something folded. */
function cut(markdown: string, bytes: number): string {
  const whole = Buffer.from(markdown);
  if (whole.length <= bytes) return markdown;
  const room = bytes - Buffer.byteLength(CUT);
  if (room < 1) return '';
  return CUT + whole.subarray(0, whole.lastIndexOf('\n', room - 1) + 1).toString();
}
