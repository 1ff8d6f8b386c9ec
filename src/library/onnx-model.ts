/** A columnar ONNX model in hand: predict with it, save it, put it into a registry. */

import { sha256Of } from '../files/sha256.js';
import { writeWhole } from '../files/write-whole.js';
import { loadModel } from '../graph/codec/loaded-model.js';
import { withOpenBatch } from '../graph/open-batch.js';
import { encodeRows, feedsOf, type NumericValues } from '../inference/feeds.js';
import { openSession } from '../inference/open.js';
import type { SessionOptions } from '../inference/session.js';
import type { ModelVersion, Provenance, Registry } from '../registry/registry.js';
import type { Frame } from '../rows/frame.js';
import { frameOfRows, type Row } from '../rows/frame-rows.js';
import { readTable } from '../rows/read-table.js';
import type { Signature } from '../signature.js';
import type { TargetId } from '../targets/targets.js';
import type { Verification } from '../verify/verification.js';
import { Predictions } from './predictions.js';

interface OnnxModelParts {
  bytes: Uint8Array;
  signature: Signature;
  verification: Verification | null;
  target: TargetId;
  description: string | null;
  provenance: Provenance;
  origin: SessionOptions['origin'];
}

export class OnnxModel {
  readonly bytes: Uint8Array;
  readonly signature: Signature;
  readonly verification: Verification | null;
  readonly target: TargetId;
  private readonly parts: OnnxModelParts;
  /** The bytes for any number of rows, once somebody predicts. */
  private open: Uint8Array | undefined;

  constructor(parts: OnnxModelParts) {
    this.parts = parts;
    this.bytes = parts.bytes;
    this.signature = parts.signature;
    this.verification = parts.verification;
    this.target = parts.target;
  }

  /** What a person wants to know, as plain data. */
  info() {
    return {
      model: this.parts.description,
      target: this.target,
      bytes: this.bytes.length,
      sha256: sha256Of(this.bytes),
      inputs: this.signature.inputs,
      outputs: this.signature.outputs,
      verification: this.verification,
    };
  }

  /**
   * Predicts rows: a file (CSV, Parquet, JSON) or objects with a property per column. Shape: as many rows as came in, one
   * column an output; text labels as text. Throws COLUMN_MISMATCH, NULL_VALUE, UNKNOWN_CATEGORY. All rows are held in
   * memory: for tables of millions of rows there is `score`.
   */
  async predict(data: string | Row[]): Promise<Predictions> {
    const frame: Frame = typeof data === 'string' ? await readTable(data) : frameOfRows(data);
    const encoded = encodeRows(frame, this.signature, 'apply');
    this.open ??= withOpenBatch(loadModel(this.bytes));
    const session = await openSession(this.open, { runtime: '1.30.0', origin: this.parts.origin });
    try {
      const outputs = await session.run(feedsOf(encoded));
      const columns = this.signature.outputs.map((output) => ({
        output,
        values: outputs[output.name]?.data as NumericValues,
      }));
      return new Predictions(columns, encoded.nulled, frame.rows);
    } finally {
      await session.close();
    }
  }

  /** Writes the ONNX file. */
  async save(file: string): Promise<void> {
    await writeWhole(file, this.bytes);
  }

  /** A new version in a registry. Throws what the registry refuses: UNVERIFIED_MODEL, SIGNATURE_CHANGED … */
  async toSql(
    registry: Registry | string,
    { name, alias, description }: { name: string; alias?: string; description?: string },
  ): Promise<ModelVersion> {
    const { openRegistry } = await import('../registry/open.js');
    const opened = typeof registry === 'string' ? await openRegistry(registry) : registry;
    try {
      const { version } = await opened.register({
        name,
        bytes: this.bytes,
        target: this.target,
        signature: this.signature,
        verification: this.verification,
        provenance: this.parts.provenance,
        description: description ?? this.parts.description,
        alias: alias ?? null,
        allowUnverified: false,
        allowSignatureChange: false,
      });
      return version;
    } finally {
      if (typeof registry === 'string') await opened.close();
    }
  }
}
