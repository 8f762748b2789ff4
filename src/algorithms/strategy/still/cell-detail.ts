/** How much fine detail a frame shows in each cell (frame-detail.ts says what it means). */
import type { ImageU8 } from "../../../core/image.ts";
import type { Pixels } from "../../../core/units.ts";

export interface CellDetail {
  readonly rows: number;
  readonly cols: number;
  /** Row-major, row 0 at the top. The last row and column may cover less than a cell. */
  readonly energy: Float32Array;
}

/** A one-channel picture, row-major. */
interface Plane {
  readonly width: Pixels;
  readonly height: Pixels;
  readonly data: Float32Array;
}

/**
 * The mean square, over each cell, of the difference between a pixel and the mean of the 3x3 around it, border pixels
 * repeated, in the frame reduced by taking means.
 * @param gray one channel; its values 0..255 count as 0..1.
 * @param reduction pixels of the frame per pixel of the reduced one, at least 1; what does not fill one is left out.
 * @param cell side of a cell in the reduced frame, px.
 */
export function cellDetail(gray: ImageU8, reduction: number, cell: Pixels): CellDetail {
  const { width, height, data } = reduce(gray, reduction);
  const [rows, cols] = [Math.ceil(height / cell), Math.ceil(width / cell)];
  const energy = new Float32Array(rows * cols);
  const count = new Float32Array(rows * cols);
  for (let y = 0; y < height; y++) {
    const lines = [Math.max(0, y - 1), y, Math.min(height - 1, y + 1)].map((row) => row * width);
    const [above, here, below] = lines as [number, number, number];
    const sumAt = (x: number): number =>
      (data[above + x] as number) + (data[here + x] as number) + (data[below + x] as number);
    let [before, middle] = [sumAt(0), sumAt(0)];
    const row = Math.floor(y / cell) * cols;
    for (let x = 0; x < width; x++) {
      const after = sumAt(Math.min(width - 1, x + 1));
      const detail = (data[here + x] as number) - (before + middle + after) / 9;
      const at = row + Math.floor(x / cell);
      energy[at] = (energy[at] as number) + detail * detail;
      count[at] = (count[at] as number) + 1;
      [before, middle] = [middle, after];
    }
  }
  return { rows, cols, energy: energy.map((sum, at) => sum / (count[at] as number)) };
}

function reduce({ width: from, height: lines, data }: ImageU8, reduction: number): Plane {
  const [width, height] = [Math.floor(from / reduction), Math.floor(lines / reduction)];
  const reduced = new Float32Array(width * height);
  const scale = 1 / (255 * reduction * reduction);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let sum = 0;
      for (let row = y * reduction; row < (y + 1) * reduction; row++) {
        const start = row * from + x * reduction;
        for (let at = start; at < start + reduction; at++) sum += data[at] as number;
      }
      reduced[y * width + x] = scale * sum;
    }
  return { width, height, data: reduced };
}
