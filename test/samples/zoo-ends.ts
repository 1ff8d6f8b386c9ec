/** How the models of samples/zoo.yaml are to end, as its comments say. */

import { isMap, type Node, parseDocument } from 'yaml';

/** A comment that begins with a code. */
const REFUSED = /^ ([A-Z][A-Z_]+): \S/m;

/** The refused models by their names, with the code; null for a name that the entry does not say. */
export function refusedIn(text: string): [name: string | null, code: string][] {
  const models = parseDocument(text).get('models') as { items: Node[]; commentBefore?: string } | undefined;
  return (models?.items ?? []).flatMap((entry, at): [string | null, string][] => {
    const comment = entry.commentBefore ?? (at === 0 ? models?.commentBefore : undefined) ?? '';
    const [, code] = REFUSED.exec(comment) ?? [];
    if (code === undefined || !isMap(entry)) return [];
    const name = entry.get('name');
    return [[typeof name === 'string' ? name : null, code]];
  });
}
