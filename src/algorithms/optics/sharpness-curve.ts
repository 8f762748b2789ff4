/**
 * Optical sharpness S of a defocus radius (paper 2, section 2): 1 in focus, falling to 0, the same for every scene
 * and every light, so that it needs no peak to be compared with.
 *
 * Natural pictures have a power spectrum close to 1/f^2, which is equal power in every octave. A defocus disk of
 * radius r passes the frequency f (cycles a pixel) with MTF(r f) = |2 J1(x) / x|, x = 2 pi r f (the Fourier transform of
 * paper 1, Eq. 4). S is the share of the power between one cycle a patch (512 px) and the Nyquist frequency that
 * passes:
 *
 *   S(r) = int MTF(r f)^2 d(ln f) / int d(ln f),   f from 1/512 to 1/2.
 *
 * It falls with r as long as the side lobes of the disk stay above the lowest frequency (r below about 290 px); beyond,
 * where about 0.1 % is left, the table is held at the least value seen.
 */
import { expected } from "../../core/errors.ts";
import type { Pixels } from "../../core/units.ts";
import { besselJ1 } from "./bessel.ts";

const LOWEST = 1 / 512;
const HIGHEST = 1 / 2;
/** Steps of the integral and entries of the table; together they keep S within 5e-4, which a test checks. */
const QUADRATURE = 1024;
const LARGEST_RADIUS = 512;
const TABLE_SIZE = 256;

/** The table is even on this axis, fine where S changes fast. */
const axis = (radius: Pixels): number => Math.log1p(2 * radius);
const spacing = axis(LARGEST_RADIUS) / (TABLE_SIZE - 1);

let table: Float64Array | undefined;

/**
 * @param radius defocus radius, at least 0 px.
 * @returns S, 1 at radius 0, never rising with the radius.
 * @throws AutofocusError `invalid_input` for a negative radius or NaN.
 */
export function sharpnessOf(radius: Pixels): number {
  if (!(radius >= 0)) throw expected("invalid_input", "a radius of at least 0 px", "sharpnessOf", radius);
  table ??= tabulate();
  const place = Math.min(axis(radius) / spacing, TABLE_SIZE - 1);
  const cell = Math.min(Math.floor(place), TABLE_SIZE - 2);
  const [low, high] = [table[cell] as number, table[cell + 1] as number];
  return low + (place - cell) * (high - low);
}

/** Power that the disk passes at the frequency, 0..1. */
export function diskPower(radius: Pixels, frequency: number): number {
  const x = 2 * Math.PI * radius * frequency;
  if (x < 1e-6) return 1;
  return ((2 * besselJ1(x)) / x) ** 2;
}

function tabulate(): Float64Array {
  const values = new Float64Array(TABLE_SIZE);
  let least = 1;
  for (let index = 0; index < TABLE_SIZE; index++) {
    const radius = Math.expm1(index * spacing) / 2;
    least = Math.min(least, passed(radius));
    values[index] = least;
  }
  return values;
}

/** S(r) by the midpoint rule on ln f. */
function passed(radius: Pixels): number {
  const octaves = Math.log(HIGHEST / LOWEST);
  let sum = 0;
  for (let step = 0; step < QUADRATURE; step++)
    sum += diskPower(radius, LOWEST * Math.exp((octaves * (step + 0.5)) / QUADRATURE));
  return sum / QUADRATURE;
}
