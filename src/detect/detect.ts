/** What kind of model is this file? Told from its content first, its extension second; never executes it. */

import path from 'node:path';
import type { ConverterManifest, ModelFormat } from '../converters/manifest.js';
import { PredictableError } from '../errors.js';
import { forShell } from '../shell.js';
import { isNamed } from './companions.js';
import type { Compression } from './compression.js';
import { type Content, readContent } from './content.js';
import { isWithin } from './pickle-modules.js';

export interface Detected {
  path: string;
  format: ModelFormat;
  converter: ConverterManifest;
  /** Python modules that a pickle names; null when it is compressed in a way that only Python reads. */
  modules: string[] | null;
  /** How a pickle is compressed. */
  compression: Compression | undefined;
  bytes: number;
}

interface Candidate {
  format: ModelFormat;
  converter: ConverterManifest;
}

/**
 * Throws UNKNOWN_FORMAT when no converter reads it, AMBIGUOUS_FORMAT when several do, CORRUPT_MODEL when the
 * content is not what the name says, FILE_NOT_FOUND.
 */
export async function detect(file: string, manifests: ConverterManifest[], converter?: string): Promise<Detected> {
  const content = await readContent(file);
  const candidates = manifests
    .filter(({ id, onRequest }) => (converter === undefined ? !onRequest : id === converter))
    .flatMap((manifest) => manifest.formats.map((format) => ({ format, converter: manifest })));
  const extension = path.extname(file).toLowerCase();
  const chosen = choose(file, content, candidates, extension);
  return {
    path: file,
    ...chosen,
    modules: content.container === 'pickle' ? content.modules : null,
    compression: content.container === 'pickle' ? content.compression : undefined,
    bytes: content.size,
  };
}

function choose(file: string, content: Content, candidates: Candidate[], extension: string): Candidate {
  const named = candidates.filter(({ format }) => format.extensions.includes(extension));
  const recognised = byRoot(candidates.filter(({ format }) => recognises(format, content)));
  const both = recognised.filter((candidate) => named.includes(candidate));
  const [best, ...others] = both.length > 0 ? both : recognised;
  if (best !== undefined) {
    const rivals = others.filter(({ converter }) => converter.id !== best.converter.id);
    if (rivals.length > 0) throw ambiguous(file, [best, ...rivals]);
    return best;
  }
  // A pickle whose classes give nothing away (compressed, or no model at all): the name says what to try.
  const possible = named.filter(({ format }) => format.recognise.container === content.container);
  const byName = possible.find(({ format }) => format.recognise.root === undefined) ?? possible[0];
  if (byName !== undefined && content.container === 'pickle') return byName;
  throw unrecognised(file, content, named, candidates);
}

function recognises({ recognise }: ModelFormat, content: Content): boolean {
  if (recognise.container !== content.container) return false;
  switch (content.container) {
    case 'pickle':
      return (
        (recognise.modules?.some((name) => content.modules?.some((module) => isWithin(module, name))) ?? true) &&
        (recognise.root?.some((name) => isWithin(content.modules?.[0] ?? '', name)) ?? true)
      );
    case 'zip':
    case 'directory':
      return recognise.members?.every((member) => content.members.some((name) => isNamed(name, member))) ?? true;
    case 'text':
    case 'binary':
      return recognise.pattern !== undefined && new RegExp(recognise.pattern).test(content.head);
  }
}

/** A wrapper of another library names scikit-learn too: what the object itself is says more than what it holds. */
function byRoot(recognised: Candidate[]): Candidate[] {
  const roots = recognised.filter(({ format }) => format.recognise.root !== undefined);
  return roots.length > 0 ? roots : recognised;
}

/** Whether a folder with these members is itself a model, rather than a folder of models. */
export function isModelFolder(members: string[], manifests: ConverterManifest[]): boolean {
  const content: Content = { container: 'directory', members, size: 0 };
  return manifests.some(({ formats }) => formats.some((format) => recognises(format, content)));
}

function ambiguous(file: string, candidates: Candidate[]): PredictableError {
  const ids = candidates.map(({ converter }) => converter.id);
  return new PredictableError('AMBIGUOUS_FORMAT', `${file} could be read by ${ids.join(' and ')}`, {
    hint: `Say which: --converter ${ids[0]}`,
    details: { converters: ids },
  });
}

function unrecognised(file: string, content: Content, named: Candidate[], all: Candidate[]): PredictableError {
  const [expected] = named;
  if (expected !== undefined) {
    return new PredictableError(
      'CORRUPT_MODEL',
      `${file} is named like ${expected.format.title}, but holds ${describe(content)}`,
      { hint: 'Check that this is the file that the training script saved, and that it was copied whole.' },
    );
  }
  const extensions = [...new Set(all.flatMap(({ format }) => format.extensions))].sort();
  return new PredictableError('UNKNOWN_FORMAT', `no converter knows what ${file} is: it holds ${describe(content)}`, {
    hint:
      path.extname(file).toLowerCase() === '.onnx'
        ? `It is ONNX already: predictable normalize ${forShell(file)}`
        : `Formats that are read: ${extensions.join(', ')}; see \`predictable converters\`.`,
  });
}

function describe(content: Content): string {
  switch (content.container) {
    case 'pickle':
      return content.modules === null || content.modules.length === 0
        ? 'a pickle'
        : `a pickle of ${content.modules.slice(0, 5).join(', ')}`;
    case 'zip':
      return `a zip file with ${content.members.slice(0, 5).join(', ')}`;
    case 'directory':
      return 'a folder that is no model';
    case 'text':
      return 'plain text';
    case 'binary':
      return 'bytes of an unknown kind';
  }
}
