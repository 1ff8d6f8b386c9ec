/** A model that gives back what it is fed: so a test sees exactly what reached the graph. */

import proto from 'onnx-proto';
import type { Model } from '../../src/score/here/predict-rows.js';
import type { InputColumn, OutputColumn } from '../../src/signature.js';
import { SQL_TYPES } from '../../src/signature.js';

const ELEMENT_TYPES = { float: 1, double: 11, int32: 6, int64: 7 } as const;

export type EchoColumn = Pick<InputColumn, 'name' | 'type'> &
  Partial<InputColumn> &
  Partial<Pick<OutputColumn, 'labels'>>;

/** Output `<name>_out` of each input, plus `add` when it is not 0; `rows`: how many it takes, when not any number. */
export function echoModel(columns: EchoColumn[], add = 0, rows?: number): Model {
  const info = (name: string, type: keyof typeof ELEMENT_TYPES) => ({
    name,
    type: {
      tensorType: {
        elemType: ELEMENT_TYPES[type],
        shape: { dim: [rows === undefined ? { dimParam: 'N' } : { dimValue: rows }, { dimValue: 1 }] },
      },
    },
  });
  const bytes = proto.onnx.ModelProto.encode({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'echo',
      node: columns.flatMap(({ name, type }, index) => [
        { opType: 'Constant', output: [`constant ${index}`], attribute: [{ name: 'value_float', type: 1, f: add }] },
        {
          opType: 'Cast',
          input: [`constant ${index}`],
          output: [`addend ${index}`],
          attribute: [to(ELEMENT_TYPES[type])],
        },
        { opType: 'Add', input: [name, `addend ${index}`], output: [`${name}_out`] },
      ]),
      input: columns.map(({ name, type }) => info(name, type)),
      output: columns.map(({ name, type }) => info(`${name}_out`, type)),
    },
  }).finish();
  return {
    bytes,
    signature: {
      inputs: columns.map(({ labels: _, ...column }) => ({
        nulls: 'error',
        sqlType: SQL_TYPES[column.type],
        ...column,
      })),
      outputs: columns.map(({ name, type, labels }) => ({
        name: `${name}_out`,
        type,
        sqlType: SQL_TYPES[type],
        role: labels === undefined ? 'value' : 'label',
        ...(labels === undefined ? {} : { labels }),
      })),
    },
  };
}

function to(type: number) {
  return { name: 'to', type: 2, i: type };
}
