/**
 * Discrete Fourier transforms of any length, for metrics that are defined on the spectrum of the whole picture: Cooley
 * and Tukey's recursion over the prime factors of the length, in double precision.
 */

/** Real and imaginary parts. */
export interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** The forward transform of `length` values from `start` on, `step` apart. */
function transform(input: Complex, start: number, step: number, length: number): Complex {
  const re = new Float64Array(length);
  const im = new Float64Array(length);
  const factor = smallestFactor(length);
  const rest = length / factor;
  const parts =
    rest === 1
      ? undefined
      : Array.from({ length: factor }, (_, p) => transform(input, start + p * step, step * factor, rest));
  for (let k = 0; k < length; k++) {
    for (let p = 0; p < factor; p++) {
      const angle = (-2 * Math.PI * ((p * k) % length)) / length;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const from = parts?.[p] ?? input;
      const at = parts === undefined ? start + p * step : k % rest;
      const [x, y] = [from.re[at] as number, from.im[at] as number];
      re[k] = (re[k] as number) + c * x - s * y;
      im[k] = (im[k] as number) + c * y + s * x;
    }
  }
  return { re, im };
}

function smallestFactor(value: number): number {
  for (let factor = 2; factor * factor <= value; factor++) if (value % factor === 0) return factor;
  return value;
}

/**
 * The picture whose spectrum is that of `values` times `gain`.
 * @param gain of the frequencies u / width and v / height cycles a pixel, -width / 2 <= u < width / 2; symmetric about 0.
 */
export function filterSpectrum(
  values: ArrayLike<number>,
  width: number,
  height: number,
  gain: (u: number, v: number) => number,
): Float64Array {
  const spectrum = transform2d(
    { re: Float64Array.from(values), im: new Float64Array(width * height) },
    width,
    height,
  );
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const factor = gain(signed(x, width), signed(y, height)) / (width * height);
      const i = y * width + x;
      spectrum.re[i] = (spectrum.re[i] as number) * factor;
      // The inverse transform is the conjugate of the forward one of the conjugate.
      spectrum.im[i] = (spectrum.im[i] as number) * -factor;
    }
  return transform2d(spectrum, width, height).re;
}

/** 0 .. n - 1 as frequencies -n / 2 .. n / 2. */
function signed(index: number, n: number): number {
  return 2 * index < n ? index : index - n;
}

/** In place. */
function transform2d(values: Complex, width: number, height: number): Complex {
  for (let y = 0; y < height; y++) put(values, transform(values, y * width, 1, width), y * width, 1);
  for (let x = 0; x < width; x++) put(values, transform(values, x, width, height), x, width);
  return values;
}

function put(to: Complex, from: Complex, start: number, step: number): void {
  for (let i = 0; i < from.re.length; i++) {
    to.re[start + i * step] = from.re[i] as number;
    to.im[start + i * step] = from.im[i] as number;
  }
}
