/** joblib's compressions, told by a file's first bytes. */

export interface Compression {
  name: string;
  magic: number[];
  /** None for what neither Node nor Python's own library opens. */
  opener?: 'gunzip' | 'inflate' | 'python';
  /** Whether hardly anything else begins like this. */
  unmistakable?: boolean;
}

const COMPRESSIONS: Compression[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], opener: 'gunzip', unmistakable: true },
  { name: 'zlib', magic: [0x78], opener: 'inflate' },
  { name: 'bz2', magic: [0x42, 0x5a, 0x68], opener: 'python', unmistakable: true },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], opener: 'python', unmistakable: true },
  { name: 'lzma', magic: [0x5d, 0x00, 0x00], opener: 'python' },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18], unmistakable: true },
];

/** What the first bytes look like; a text may look like it too, and then cannot be opened. */
export function compressionOf(head: Uint8Array): Compression | undefined {
  return COMPRESSIONS.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
}
