/** Remainders of all byte values followed by 0 .. 3 zero bytes, for four bytes a step. */
const tables = makeTables();

function makeTables(): readonly Uint32Array[] {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (let bit = 0; bit < 8; bit++)
      remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
    first[byte] = remainder;
  }
  const all = [first];
  for (let zeros = 1; zeros < 4; zeros++) {
    const previous = all[zeros - 1]!;
    all.push(previous.map((remainder) => (remainder >>> 8) ^ first[remainder & 255]!));
  }
  return all;
}

/**
 * Cyclic redundancy check of zip, gzip and Parquet pages: polynomial 0x04C11DB7, bits reversed (ISO 3309).
 * It tells an accident from an intact part; DEFLATE alone would hand out wrong numbers without a word.
 */
export function crc32(bytes: Uint8Array): number {
  const [table0, table1, table2, table3] = tables as [Uint32Array, Uint32Array, Uint32Array, Uint32Array];
  let crc = -1;
  let i = 0;
  const end = bytes.length - 3;
  for (; i < end; i += 4) {
    crc ^= bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24);
    crc =
      table3[crc & 255]! ^
      table2[(crc >>> 8) & 255]! ^
      table1[(crc >>> 16) & 255]! ^
      table0[(crc >>> 24) & 255]!;
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ table0[(crc ^ bytes[i]!) & 255]!;
  return ~crc >>> 0;
}
