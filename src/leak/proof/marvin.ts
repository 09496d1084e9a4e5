/** Marvin32, the keyed checksum of Azure's identifiable keys. */

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

/**
 * The Marvin32 checksum.
 * In: any bytes, and the seed as eight ASCII characters, read as a big-endian 64-bit number. Out: an unsigned 32-bit
 * number. Source: the algorithm and the seeds as published in Microsoft's security-utilities.
 */
export function marvin32(bytes: Uint8Array, seed: string): number {
  const key = Buffer.from(seed, "latin1");
  let low = key.readInt32BE(4);
  let high = key.readInt32BE(0);
  function block(): void {
    high ^= low;
    low = rotateLeft(low, 20);
    low = (low + high) | 0;
    high = rotateLeft(high, 9);
    high ^= low;
    low = rotateLeft(low, 27);
    low = (low + high) | 0;
    high = rotateLeft(high, 19);
  }
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = view.length - (view.length % 4);
  for (let at = 0; at < whole; at += 4) {
    low = (low + view.readInt32LE(at)) | 0;
    block();
  }
  let tail = 0x80;
  for (let at = view.length - 1; at >= whole; at--) tail = (tail << 8) | (view[at] ?? 0);
  low = (low + tail) | 0;
  block();
  block();
  return (low ^ high) >>> 0;
}
