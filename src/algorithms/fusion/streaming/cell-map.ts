/** Arithmetic on maps with one value per cell. */
import { image, type ImageF32 } from "../../../core/image.ts";

export function cellMap(columns: number, rows: number, value: (index: number) => number): ImageF32 {
  const data = new Float32Array(columns * rows);
  for (let index = 0; index < data.length; index++) data[index] = value(index);
  return image(columns, rows, 1, data);
}

/** A map of the same size whose values `of` makes of those of `map`. */
export function mapCells(map: ImageF32, of: (value: number, index: number) => number): ImageF32 {
  return cellMap(map.width, map.height, (index) => of(map.data[index] as number, index));
}
