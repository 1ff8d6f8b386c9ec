/**
 * Encryption that was asked for must be there. The driver goes on in plain text, password included, when a server, or
 * somebody between, answers that it has none (tedious 19.2): so the answer is read before the login is sent.
 */

import { isIP } from 'node:net';
import type { Connection } from 'tedious';

/** Makes the driver tell what it receives; only refuseDowngrade listens, and only until the server has answered. */
export const DEBUG = { payload: true, packet: false, token: false, data: false } as const;

/** Throws, inside the driver, at an answer without encryption: the connection fails, and no login is sent. */
export function refuseDowngrade(connection: Connection): void {
  const listen = (text: string): void => {
    // `PreLogin - version:…, encryption:0x02(NOT_SUP), …`: once as it is sent, once as it is received.
    if (!/PreLogin/.test(text)) return;
    const answer = /encryption:0x[0-9a-f]{2}\((\w+)\)/i.exec(text)?.[1];
    if (answer === 'ON' || answer === 'REQ') return;
    throw Object.assign(new Error('the server offers no encryption'), { code: 'EENCRYPT' });
  };
  connection.on('debug', listen);
  // From the login on nothing is listened to, so that nothing of it is put into text.
  connection.once('secure', () => connection.off('debug', listen));
  connection.once('connect', () => connection.off('debug', listen));
}

/** The name that the server's certificate is checked for. An IP address is no name in TLS: Node warns of one. */
export function serverName(host: string, trustServerCertificate: boolean): { serverName?: string } {
  return trustServerCertificate && isIP(host) !== 0 ? { serverName: 'localhost' } : {};
}
