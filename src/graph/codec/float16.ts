/** Half precision: 5 bits of exponent and 10 of fraction, rounded to the nearest, halves to even. */

/** The largest number that it holds. */
export const LARGEST_FLOAT16 = 65504;

const scratch = new Float32Array(1);
const bits = new Uint32Array(scratch.buffer);

/** Infinite from 65520 on; below 2^-24, half of the smallest that there is, zero. */
export function toFloat16(value: number): number {
  scratch[0] = value;
  const word = bits[0] ?? 0;
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude >= 0x47800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00);
  if (magnitude < 0x38800000) {
    // Subnormal: whole multiples of 2^-24.
    const units = Math.abs(value) * 2 ** 24;
    const floor = Math.floor(units);
    const rest = units - floor;
    return sign | (rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor);
  }
  // The exponent's bias goes from 127 to 15; what is cut off rounds the rest, and may carry into the exponent.
  const cut = magnitude - 0x38000000;
  return sign | ((cut + 0xfff + ((cut >>> 13) & 1)) >>> 13);
}

export function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
