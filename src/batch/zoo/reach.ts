/** How far a zoo.yaml reaches: it may have come with the models of others, so it reads in its own folder, unless the user says otherwise. */

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { liesWithin } from '../../files/real-path.js';
import { factoryFiles } from '../factory.js';

export interface Reach {
  /** Said on the command line or by a program, never by a file. */
  allowOutside?: boolean | undefined;
}

export class Limits {
  /** Links of folders, each looked into once. */
  readonly #links = new Map<string, Promise<string[]>>();

  constructor(
    private readonly root: string,
    private readonly reach: Reach,
  ) {}

  /** Whether the zoo may read it, wherever links lead. */
  allows(file: string): boolean {
    return this.reach.allowOutside === true || liesWithin(file, this.root);
  }

  /** What goes with a model and may not be read: links beside it of the same stem, and the module of its factory. */
  async refused(model: string, factory: string | undefined): Promise<string[]> {
    if (this.reach.allowOutside === true) return [];
    const folder = path.dirname(model);
    const links = await this.#linksIn(folder);
    const beside = links.filter((name) => name.startsWith(`${path.parse(model).name}.`));
    const modules = factoryFiles({ path: model, options: { factory } });
    return [...beside.map((name) => path.join(folder, name)), ...modules.filter((file) => existsSync(file))].filter(
      (file) => !this.allows(file),
    );
  }

  #linksIn(folder: string): Promise<string[]> {
    let links = this.#links.get(folder);
    if (links === undefined) {
      links = readdir(folder, { withFileTypes: true }).then(
        (entries) => entries.filter((entry) => entry.isSymbolicLink()).map(({ name }) => name),
        () => [],
      );
      this.#links.set(folder, links);
    }
    return links;
  }
}

/** Why a path is refused. */
export function outside(given: string): string {
  return `${given} lies outside of the zoo's folder: --allow-outside reads it all the same`;
}
