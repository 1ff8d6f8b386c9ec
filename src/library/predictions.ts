/** Predicted columns: look at the first rows, take them as objects, write them as Parquet. */

import type { NumericValues } from '../inference/feeds.js';
import type { Frame, FrameColumn } from '../rows/frame.js';
import type { OutputColumn } from '../signature.js';

export type Prediction = number | string | null;

export class Predictions {
  /** Output column → values, one a row; null where a policy says that there is no prediction. */
  readonly columns: Record<string, Prediction[]>;

  constructor(
    private readonly outputs: { output: OutputColumn; values: NumericValues }[],
    private readonly nulled: Uint8Array,
    readonly rows: number,
  ) {
    this.columns = Object.fromEntries(
      outputs.map(({ output, values }) => [
        output.name,
        Array.from({ length: rows }, (_, row) => this.shown(output, values, row)),
      ]),
    );
  }

  /** The first rows as objects. */
  head(count = 5): Record<string, Prediction>[] {
    return Array.from({ length: Math.min(count, this.rows) }, (_, row) =>
      Object.fromEntries(Object.entries(this.columns).map(([name, values]) => [name, values[row] ?? null])),
    );
  }

  toRows(): Record<string, Prediction>[] {
    return this.head(this.rows);
  }

  /** Writes the predictions, one column an output. */
  async toParquet(file: string): Promise<void> {
    const { writeParquet } = await import('../rows/write-parquet.js');
    await writeParquet(this.toFrame(), file);
  }

  private shown({ labels }: OutputColumn, values: NumericValues, row: number): Prediction {
    if (this.nulled[row] === 1) return null;
    return labels?.[Number(values[row])] ?? Number(values[row]);
  }

  private toFrame(): Frame {
    const columns = this.outputs.map(({ output: { name, labels, type }, values }): FrameColumn => {
      const shown = this.columns[name] ?? [];
      if (labels !== undefined)
        return { name, type: 'string', values: shown.map((value) => (value === null ? null : String(value))) };
      if (!this.nulled.includes(1)) return { name, type, values } as FrameColumn;
      return {
        name,
        type: 'double',
        values: Float64Array.from(shown, (value) => (value === null ? Number.NaN : Number(value))),
      };
    });
    return { rows: this.rows, columns };
  }
}
