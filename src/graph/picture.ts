/** An input that is a picture, and the smaller picture whose pixels become columns. */

export interface Picture {
  /** The raw input. */
  tensor: string;
  /** Height and width among the axes of the raw input, the rows' included. */
  axes: [number, number];
  /** Sizes of the raw input without the rows; null where it takes any. */
  raw: (number | null)[];
  /** Sizes, without the rows, of the picture that the columns make. */
  sizes: (number | null)[];
}

/** The largest square picture with whose pixels no more than `most` columns are needed; null when not even one pixel fits. */
export function largestSquare({ raw, axes }: Picture, most: number): { size: number; channels: number } | null {
  const channels = raw.find((_, at) => !axes.includes(at + 1)) ?? 1;
  const size = Math.floor(Math.sqrt(most / channels));
  return size > 0 ? { size, channels } : null;
}
