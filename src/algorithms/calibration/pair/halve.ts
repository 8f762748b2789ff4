/** The next level of a pyramid. */
import { image, type ImageF32 } from "../../../core/image.ts";

/** Means of 2x2 px; an odd last row or column is left out. */
export function halve({ width, height, data }: ImageF32): ImageF32 {
  const [columns, rows] = [Math.max(1, width >> 1), Math.max(1, height >> 1)];
  const [right, below] = [width > 1 ? 1 : 0, height > 1 ? width : 0];
  const out = new Float32Array(columns * rows);
  for (let y = 0, to = 0; y < rows; y++) {
    for (let x = 0, from = 2 * y * width; x < columns; x++, from += 2, to++) {
      out[to] =
        ((data[from] as number) +
          (data[from + right] as number) +
          (data[from + below] as number) +
          (data[from + below + right] as number)) /
        4;
    }
  }
  return image(columns, rows, 1, out);
}
