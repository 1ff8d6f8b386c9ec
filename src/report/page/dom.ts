/** Elements from plain data. Text only ever becomes text: nothing here parses HTML. */

import { visible } from './visible.js';

export type Child = Node | string | number | null | undefined | false;
type Attribute = string | number | boolean | null | undefined | ((event: Event) => void);
type Attributes = Record<string, Attribute>;

const SVG = 'http://www.w3.org/2000/svg';

/** Attributes that are read out or shown. */
const SHOWN = new Set(['title', 'aria-label', 'placeholder']);

/** An HTML element; a function is a listener, `true` an attribute without value, `false` none. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS(SVG, tag) as SVGElementTagNameMap[K], attributes, children);
}

/** A name that somebody else chose: its own direction cannot change the text around it. */
export function named(name: string, attributes: Attributes = {}): HTMLElement {
  return h('bdi', attributes, name);
}

/** The page's own element, by the id that page.html gives it. */
export function part(id: string): HTMLElement {
  const found = document.getElementById(`p-${id}`);
  if (found === null) throw new Error(`page.html has no p-${id}`);
  return found;
}

function filled<E extends Element>(element: E, attributes: Attributes, children: Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.replace(/^on/, ''), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, SHOWN.has(name) ? visible(String(value)) : String(value));
    }
  }
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : visible(String(child)));
  }
  return element;
}
