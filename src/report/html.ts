/** The page as one file: frame, style, scripts and data, and a policy that lets nothing else in. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { PredictableError } from '../errors.js';
import { compiledModule } from '../paths.js';
import { escapeHtml, scriptJson } from './escape.js';
import { readLibraries } from './libraries.js';
import type { ModelDetail, Summary } from './page/data.js';
import { visible } from './page/visible.js';
import { compilePlots } from './plots.js';

interface PageContent {
  summary: Summary;
  /** In the order of `block` of the rows. */
  blocks: readonly PackedBlock[];
}

/** Details of a few models, compressed. */
export type PackedBlock = string;

export async function packDetails(details: readonly ModelDetail[]): Promise<PackedBlock> {
  return pack(JSON.stringify(details));
}

/** Makes pages: what they share is read once. */
export async function pageMaker(): Promise<(content: PageContent) => string> {
  const [frame, style, script, { vega, dagre }] = await Promise.all([
    readFile(compiledModule('report/page/page.html'), 'utf8'),
    readFile(compiledModule('report/page/page.css'), 'utf8'),
    readFile(compiledModule('report/page/page.js'), 'utf8'),
    readLibraries(),
  ]);
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new PredictableError('INTERNAL', 'the page’s script or style would end its element');
  }
  const libraries = [block('vega', await pack(vega)), block('dagre', await pack(dagre))];
  const plots = jsonBlock('plots', compilePlots());
  return ({ summary, blocks }) => {
    const parts: Record<string, string> = {
      policy: policyOf([script, vega, dagre], style, summary.live),
      title: escapeHtml(visible(summary.run.zoo)),
      style: `<style>${style}</style>`,
      blocks: [
        jsonBlock('summary', summary),
        plots,
        ...libraries,
        ...blocks.map((packed, index) => block(`block-${index}`, packed)),
      ].join('\n'),
      script: `<script>${script}</script>`,
    };
    // In one pass: what is put in is never looked at again.
    return frame.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => parts[name] ?? '');
  };
}

/** Scripts and style by their hashes; no other host, no file beside, no evaluated text. */
function policyOf(scripts: string[], style: string, live: boolean): string {
  const hashes = (texts: string[]) => texts.map((text) => `'sha256-${sha256(text)}'`).join(' ');
  return [
    "default-src 'none'",
    `script-src ${hashes(scripts)}`,
    `style-src ${hashes([style])}`,
    'img-src data:',
    ...(live ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}

async function pack(text: string): Promise<string> {
  return (await promisify(gzip)(text, { level: 6 })).toString('base64');
}

/** A type that browsers do not run. */
function block(id: string, packed: string): string {
  return `<script type="application/gzip" id="p-${id}">${packed}</script>`;
}

function jsonBlock(id: string, value: unknown): string {
  return `<script type="application/json" id="p-${id}">${scriptJson(value)}</script>`;
}
