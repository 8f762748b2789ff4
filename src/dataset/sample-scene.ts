/**
 * Cuts a piece of linear light out of a photograph at any reduction or enlargement: the "in-focus image" of
 * paper 1, Eq. 1, with the scale of Eq. 1 folded in.
 *
 * Separable Keys cubic, stretched when reducing so that nothing aliases; beyond its borders the photograph is mirrored.
 */
import { image, type ImageF32, type ImageU8 } from "../core/image.ts";

export interface SceneView {
  /** Top-left corner in the photograph, px of the photograph. */
  readonly x: number;
  readonly y: number;
  /** Output pixels per pixel of the photograph. */
  readonly scale: number;
  /** Output size, px. */
  readonly width: number;
  readonly height: number;
  /** Mirror left and right. */
  readonly flip: boolean;
  /** Swap rows and columns. */
  readonly transpose: boolean;
  /** Slope of the cubic at 1, -0.9 (crisp) to -0.4 (soft). */
  readonly cubic: number;
}

/** Camera values (after gamma) 0..255 of a gray picture become linear light 0..1 by `gamma`. */
export function sampleScene(photo: ImageU8, view: SceneView, gamma: number): ImageF32 {
  const light = Float32Array.from({ length: 256 }, (_, value) => (value / 255) ** gamma);
  const { width, height } = view;
  const across = taps(view.x, view.scale, view.transpose ? height : width, photo.width, view.cubic);
  const down = taps(view.y, view.scale, view.transpose ? width : height, photo.height, view.cubic);
  const narrow = reduceRows(photo, light, across, down);
  return placeColumns(narrow, across.length, down, view);
}

interface Tap {
  /** Positions in the source, already mirrored. */
  readonly at: Int32Array;
  readonly weight: Float32Array;
}

function taps(start: number, scale: number, count: number, sourceLength: number, slope: number): Tap[] {
  const stretch = Math.max(1, 1 / scale);
  return Array.from({ length: count }, (_, index) => {
    const centre = start + (index + 0.5) / scale - 0.5;
    const first = Math.ceil(centre - 2 * stretch);
    const last = Math.floor(centre + 2 * stretch);
    const at = Int32Array.from({ length: last - first + 1 }, (__, k) => mirror(first + k, sourceLength));
    const weight = Float32Array.from(at, (__, k) => keys((first + k - centre) / stretch, slope));
    const sum = weight.reduce((total, each) => total + each, 0);
    return { at, weight: weight.map((each) => each / sum) };
  });
}

/** Keys' cubic convolution kernel (1981). */
function keys(x: number, slope: number): number {
  const t = Math.abs(x);
  if (t < 1) return ((slope + 2) * t - (slope + 3)) * t * t + 1;
  return t < 2 ? slope * (((t - 5) * t + 8) * t - 4) : 0;
}

function mirror(index: number, length: number): number {
  const folded = ((index % (2 * length)) + 2 * length) % (2 * length);
  return folded < length ? folded : 2 * length - 1 - folded;
}

/** Every source row that any output row needs, reduced horizontally; the others stay zero. */
function reduceRows(photo: ImageU8, light: Float32Array, across: Tap[], down: Tap[]): Float32Array {
  const out = new Float32Array(across.length * photo.height);
  const needed = new Uint8Array(photo.height);
  for (const { at } of down) for (const row of at) needed[row] = 1;
  for (let row = 0; row < photo.height; row++) {
    if (needed[row] === 0) continue;
    const source = photo.data.subarray(row * photo.width, (row + 1) * photo.width);
    across.forEach(({ at, weight }, column) => {
      let sum = 0;
      for (let k = 0; k < at.length; k++) sum += weight[k]! * light[source[at[k]!]!]!;
      out[row * across.length + column] = sum;
    });
  }
  return out;
}

function placeColumns(narrow: Float32Array, columns: number, down: Tap[], view: SceneView): ImageF32 {
  const { width, height } = view;
  const data = new Float32Array(width * height);
  const line = new Float32Array(columns);
  down.forEach(({ at, weight }, row) => {
    line.fill(0);
    for (let k = 0; k < at.length; k++) {
      const from = at[k]! * columns;
      const share = weight[k]!;
      for (let column = 0; column < columns; column++) line[column]! += share * narrow[from + column]!;
    }
    for (let column = 0; column < columns; column++) {
      const x = view.transpose ? row : column;
      const y = view.transpose ? column : row;
      data[y * width + (view.flip ? width - 1 - x : x)] = Math.max(0, line[column]!);
    }
  });
  return image(width, height, 1, data);
}
