/** A picture larger than its frame: as small as can still be read at first, then as one likes. */

import { h } from './dom.js';

const STEP = 1.4;
/** Letters are hard to read below; the whole of a large graph may be smaller all the same. */
const SMALLEST_AT_FIRST = 0.6;
const BOUNDS = [0.08, 3] as const;

export class Zoom {
  readonly buttons: HTMLElement;
  private picture: SVGSVGElement | null = null;
  private natural = { width: 0, height: 0 };
  private scale = 1;

  constructor(
    private readonly frame: HTMLElement,
    title: string,
  ) {
    const button = (mark: string, label: string, act: () => void) =>
      h(
        'button',
        { type: 'button', class: 'step', 'aria-label': `${title}: ${label}`, title: label, onclick: act },
        mark,
      );
    this.buttons = h(
      'span',
      { class: 'zoom' },
      button('−', 'smaller', () => this.to(this.scale / STEP)),
      button('+', 'larger', () => this.to(this.scale * STEP)),
      button('⤢', 'all of it', () => this.to(this.whole())),
    );
  }

  show(picture: SVGSVGElement): void {
    this.picture = picture;
    this.natural = { width: Number(picture.getAttribute('width')), height: Number(picture.getAttribute('height')) };
    this.frame.replaceChildren(picture);
    this.scale = 1;
    this.resize(Math.min(1, Math.max(SMALLEST_AT_FIRST, this.frame.clientWidth / this.natural.width)));
    this.goToInput();
  }

  /** Keeps what is in the middle there. */
  private to(scale: number): void {
    const { frame } = this;
    const before = this.scale;
    const middle = { x: frame.scrollLeft + frame.clientWidth / 2, y: frame.scrollTop + frame.clientHeight / 2 };
    this.resize(scale);
    const ratio = this.scale / before;
    frame.scrollTo(middle.x * ratio - frame.clientWidth / 2, middle.y * ratio - frame.clientHeight / 2);
  }

  private resize(scale: number): void {
    this.scale = Math.max(BOUNDS[0], Math.min(BOUNDS[1], scale));
    this.picture?.setAttribute('width', String(this.natural.width * this.scale));
    this.picture?.setAttribute('height', String(this.natural.height * this.scale));
  }

  private whole(): number {
    const { frame, natural } = this;
    const most = Number.parseFloat(getComputedStyle(frame).maxHeight) || natural.height;
    return Math.min(1, frame.clientWidth / natural.width, most / natural.height);
  }

  /** Where reading begins; a graph is often empty around it. */
  private goToInput(): void {
    const input = this.frame.querySelector('.input');
    if (input === null) return;
    const place = this.frame.getBoundingClientRect();
    const { left, width } = input.getBoundingClientRect();
    this.frame.scrollLeft = left + width / 2 - place.left - place.width / 2;
  }
}
