/** Requests and replies over a thread or a process: matches them by id, and rejects all that is open when the other side ends. */

import { errorFromDocument, type PredictableError } from '../errors.js';
import type { InferenceReply, InferenceRequest } from './protocol.js';

/** A request without its id, one variant at a time. */
type Unnumbered<R> = R extends { id: number } ? Omit<R, 'id'> : never;
export type InferenceCall = Unnumbered<InferenceRequest>;

interface Pending {
  resolve: (reply: InferenceReply) => void;
  reject: (error: PredictableError) => void;
}

export class Channel {
  private readonly pending = new Map<number, Pending>();
  private next = 1;
  private ended: PredictableError | undefined;

  constructor(private readonly post: (request: InferenceRequest) => void) {}

  /** True while nothing is under way. */
  get idle(): boolean {
    return this.pending.size === 0;
  }

  call(request: InferenceCall): Promise<InferenceReply> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.post({ ...request, id });
    });
  }

  receive(reply: InferenceReply): void {
    const waiting = this.pending.get(reply.id);
    if (waiting === undefined) return;
    this.pending.delete(reply.id);
    if ('error' in reply) waiting.reject(errorFromDocument(reply.error));
    else waiting.resolve(reply);
  }

  /** The other side is gone: everything open is rejected, and so is every later call. */
  end(error: PredictableError): void {
    this.ended ??= error;
    for (const { reject } of this.pending.values()) reject(this.ended);
    this.pending.clear();
  }
}
