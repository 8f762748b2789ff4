/** Arithmetic on maps with one value per cell. */
import { image, type ImageF32 } from "../../../core/image.ts";
import type { Flow } from "../../../core/native/index.ts";

export function cellMap(columns: number, rows: number, value: (index: number) => number): ImageF32 {
  const data = new Float32Array(columns * rows);
  for (let index = 0; index < data.length; index++) data[index] = value(index);
  return image(columns, rows, 1, data);
}

/** A map of the same size whose values `of` makes of those of `map`. */
export function mapCells(
  { width, height, data }: ImageF32,
  of: (value: number, index: number) => number,
): ImageF32 {
  const values = new Float32Array(data.length);
  for (let index = 0; index < values.length; index++) values[index] = of(data[index] as number, index);
  return image(width, height, 1, values);
}

/**
 * A map whose cells come from where `flow`, of the same size and in cells, says, from the nearest each: between two
 * distances there is nothing, so nothing is interpolated.
 */
export function moveCells(map: ImageF32, { dx, dy }: Flow): ImageF32 {
  const { width, height, data } = map;
  const within = (at: number, side: number): number => Math.min(side - 1, Math.max(0, Math.round(at)));
  return mapCells(map, (_, index) => {
    const x = within((index % width) + (dx.data[index] as number), width);
    const y = within(Math.floor(index / width) + (dy.data[index] as number), height);
    return data[y * width + x] as number;
  });
}
