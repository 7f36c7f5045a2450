/**
 * MurmurHash3 x86 128-bit of a text, UTF-16 little-endian bytes (Austin Appleby 2011, public domain). Not
 * cryptographic: it spreads labels over seeds so that neighbouring names share nothing.
 *
 * @param seed 32 bits, the same for all four lanes.
 * @returns four 32-bit lanes.
 */
export function murmurHash3(text: string, seed = 0): Uint32Array {
  const byteLength = text.length * 2;
  const byteAt = (i: number): number => (text.charCodeAt(i >> 1) >>> ((i & 1) * 8)) & 0xff;
  const wordAt = (i: number): number => text.charCodeAt(i >> 1) | (text.charCodeAt((i >> 1) + 1) << 16);
  const lanes = [seed | 0, seed | 0, seed | 0, seed | 0];

  const blockCount = byteLength >>> 4;
  for (let block = 0; block < blockCount; block++) {
    for (let lane = 0; lane < 4; lane++) {
      const mixed = mixWord(wordAt(block * 16 + lane * 4), lane);
      const rotated = rotateLeft(lanes[lane]! ^ mixed, bodyRotation[lane]!);
      lanes[lane] = (Math.imul((rotated + lanes[(lane + 1) & 3]!) | 0, 5) + bodyConstant[lane]!) | 0;
    }
  }

  const tail = blockCount * 16;
  for (let lane = 3; lane >= 0; lane--) {
    const start = tail + lane * 4;
    let word = 0;
    for (let i = Math.min(start + 3, byteLength - 1); i >= start; i--) word |= byteAt(i) << ((i - start) * 8);
    if (start < byteLength) lanes[lane] = lanes[lane]! ^ mixWord(word, lane);
  }

  for (let lane = 0; lane < 4; lane++) lanes[lane] = lanes[lane]! ^ byteLength;
  shareLanes(lanes);
  for (let lane = 0; lane < 4; lane++) lanes[lane] = finalMix(lanes[lane]!);
  shareLanes(lanes);
  return Uint32Array.from(lanes, (lane) => lane >>> 0);
}

const blockConstant = [0x239b961b, 0xab0e9789, 0x38b34ae5, 0xa1e38b93];
const blockRotation = [15, 16, 17, 18];
const bodyRotation = [19, 17, 15, 13];
const bodyConstant = [0x561ccd1b, 0x0bcaa747, 0x96cd1c35, 0x32ac3b17];

function mixWord(word: number, lane: number): number {
  const mixed = rotateLeft(Math.imul(word, blockConstant[lane]!), blockRotation[lane]!);
  return Math.imul(mixed, blockConstant[(lane + 1) & 3]!);
}

function shareLanes(lanes: number[]): void {
  lanes[0] = (lanes[0]! + lanes[1]! + lanes[2]! + lanes[3]!) | 0;
  for (let lane = 1; lane < 4; lane++) lanes[lane] = (lanes[lane]! + lanes[0]!) | 0;
}

function finalMix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
