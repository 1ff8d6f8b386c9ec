/** Faults: what the server does wrong, once for each time that it was told to. */

import { setTimeout as delay } from 'node:timers/promises';
import type { Send } from './packets.js';
import type { TdsRequest } from './request.js';
import type { TdsError } from './tokens.js';

export type Effect =
  /** Resets the connection instead of answering: before the callback, or after it, so that what was asked for is done. */
  | { do: 'drop'; after?: 'answer-callback' }
  /** Carries the request out, and ends the connection after these bytes of the answer, packet headers included. */
  | { do: 'drop'; afterBytesSent: number }
  /** Never answers, nor calls back; an attention ends it, as does the end of the connection. */
  | { do: 'stall' }
  | { do: 'trickle'; bytes: number; everyMilliseconds: number }
  /** Answers with this error instead of calling back; the callback hears of a dropped transaction as a rollback. */
  | { do: 'error'; error: TdsError; dropTransaction?: boolean };

export type Fault = { /** How many times it strikes: once unless said. */ times?: number } & (
  | { when: 'connect'; do: 'stall' }
  /** Counted from the first byte of the connection, as the network has them: inside TLS too. */
  | { when: 'connect'; do: 'drop'; afterBytesReceived?: number }
  /** Strikes the first message to get this long, packet headers included: an upload under way. */
  | { when: 'message'; do: 'drop'; afterBytesReceived: number }
  | ({ when: 'login' | 'request' | ((request: TdsRequest) => boolean) } & Effect)
);

export type ConnectFault = Extract<Fault, { when: 'connect' }>;

interface Armed {
  fault: Fault;
  left: number;
  struck: () => void;
}

export class Faults {
  readonly #armed: Armed[] = [];

  /** Resolves when the fault first strikes. */
  arm(fault: Fault): Promise<void> {
    return new Promise((struck) => this.#armed.push({ fault, left: fault.times ?? 1, struck }));
  }

  atConnect(): ConnectFault | null {
    return this.#strike((fault) => fault.when === 'connect') as ConnectFault | null;
  }

  atLogin(): Effect | null {
    return this.#strike((fault) => fault.when === 'login') as Effect | null;
  }

  atRequest(request: TdsRequest): Effect | null {
    return this.#strike(
      ({ when }) => when === 'request' || (typeof when === 'function' && when(request)),
    ) as Effect | null;
  }

  cutsMessage(bytes: number): boolean {
    return this.#strike((fault) => fault.when === 'message' && bytes >= fault.afterBytesReceived) !== null;
  }

  #strike(matches: (fault: Fault) => boolean): Fault | null {
    const at = this.#armed.findIndex(({ fault }) => matches(fault));
    const armed = this.#armed[at];
    if (armed === undefined) return null;
    armed.left -= 1;
    if (armed.left === 0) this.#armed.splice(at, 1);
    armed.struck();
    return armed.fault;
  }
}

/** Sends the first bytes only, and then cuts. */
export function cutting(send: Send, afterBytes: number, cut: () => Promise<never>): Send {
  let left = afterBytes;
  return async (bytes) => {
    if (bytes.length < left) {
      left -= bytes.length;
      return send(bytes);
    }
    await send(bytes.subarray(0, left));
    return cut();
  };
}

/** Sends a few bytes at a time; an attention lets the rest go at once. */
export function trickling(send: Send, size: number, milliseconds: number, signal: AbortSignal): Send {
  return async (bytes) => {
    for (let at = 0; at < bytes.length; at += size) {
      await delay(milliseconds, undefined, { signal }).catch(() => undefined);
      await send(bytes.subarray(at, at + size));
    }
  };
}
