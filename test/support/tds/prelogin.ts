/** PRELOGIN (MS-TDS 2.2.6.5): whether the two sides encrypt. */

import { MessageWriter, PacketType, type Send } from './packets.js';

const Option = { version: 0x00, encryption: 0x01, instance: 0x02, thread: 0x03, mars: 0x04, end: 0xff } as const;
const Encryption = { on: 0x01, notSupported: 0x02 } as const;
const ENTRY = 5;

export async function answerPrelogin(send: Send, encrypt: boolean, version: [number, number, number]): Promise<void> {
  const [major, minor, build] = version;
  const writer = new MessageWriter(send, 4096, PacketType.answer);
  await writer.write(
    encodeOptions([
      [Option.version, [major, minor, build >> 8, build & 255, 0, 0]],
      [Option.encryption, [encrypt ? Encryption.on : Encryption.notSupported]],
      [Option.instance, [0]],
      [Option.thread, []],
      [Option.mars, [0]],
    ]),
  );
  await writer.end();
}

function encodeOptions(options: [id: number, data: number[]][]): Buffer {
  const table = Buffer.alloc(options.length * ENTRY + 1, Option.end);
  let dataAt = table.length;
  options.forEach(([id, data], index) => {
    table.writeUInt8(id, index * ENTRY);
    table.writeUInt16BE(dataAt, index * ENTRY + 1);
    table.writeUInt16BE(data.length, index * ENTRY + 3);
    dataAt += data.length;
  });
  return Buffer.concat([table, ...options.map(([, data]) => Buffer.from(data))]);
}
