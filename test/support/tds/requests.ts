/** Requests: SQL batches, remote procedure calls and transaction manager requests (MS-TDS 2.2.6). */

import { Reader } from './bytes.js';
import { type Message, PacketType } from './packets.js';
import { decodeProcedureCall } from './procedure-calls.js';
import type { Decoded, TdsRequest } from './request.js';
import type { SessionState } from './session.js';
import type { TdsError } from './tokens.js';

const Transaction = { begin: 0x05, commit: 0x07, rollback: 0x08 } as const;
const ISOLATION = ['', 'read uncommitted', 'read committed', 'repeatable read', 'serializable', 'snapshot'];
const TRANSACTION_DESCRIPTOR = 2;

export function decodeRequest({ type, body }: Message, session: SessionState): Decoded {
  const reader = new Reader(body);
  const transaction = readTransactionDescriptor(reader);
  switch (type) {
    case PacketType.batch: {
      const text = reader.rest().toString('utf16le');
      return { request: plain('batch', text), outputs: [], transaction };
    }
    case PacketType.rpc:
      return { ...decodeProcedureCall(reader, session), transaction };
    case PacketType.transaction:
      return { ...decodeTransactionRequest(reader), outputs: [], transaction };
    default:
      throw new Error(`the TDS fixture takes no messages of type 0x${type.toString(16)}`);
  }
}

export function plain(kind: TdsRequest['kind'], text: string): TdsRequest {
  return { kind, text, procedure: null, parameters: {}, types: {} };
}

function readTransactionDescriptor(reader: Reader): Buffer {
  const headers = new Reader(reader.take(reader.u32() - 4));
  while (!headers.done) {
    const header = new Reader(headers.take(headers.u32() - 4));
    if (header.u16() === TRANSACTION_DESCRIPTOR) return header.take(8);
  }
  throw new Error('TDS: a request without a transaction descriptor');
}

function decodeTransactionRequest(reader: Reader): { request: TdsRequest; refused?: TdsError } {
  const operation = reader.u16();
  const isolation = operation === Transaction.begin ? reader.u8() : 0;
  const name = reader.take(reader.u8()).toString('utf16le');
  switch (operation) {
    case Transaction.begin:
      return { request: { ...plain('begin', name), isolation: ISOLATION[isolation] ?? '' } };
    case Transaction.commit:
      return { request: plain('commit', name) };
    case Transaction.rollback:
      return { request: plain('rollback', name) };
    default:
      return {
        request: plain('batch', ''),
        refused: { number: 50_000, message: `the TDS fixture has no transaction operation ${operation}` },
      };
  }
}
