/** Arithmetic on maps with one value per cell. Every cell of every frame comes by here: plain loops, no closures. */
import { image, type ImageF32 } from "../../../core/image.ts";
import type { Flow } from "../../../core/native/index.ts";

/** A map of one value. */
export function evenMap(columns: number, rows: number, value: number): ImageF32 {
  return image(columns, rows, 1, new Float32Array(columns * rows).fill(value));
}

/** `map`, and `fallback` where it is not a number. */
export function orElse(map: ImageF32, fallback: ImageF32): ImageF32 {
  const [values, others] = [map.data, fallback.data];
  const data = new Float32Array(values.length);
  for (let index = 0; index < data.length; index++) {
    const value = values[index] as number;
    data[index] = Number.isNaN(value) ? (others[index] as number) : value;
  }
  return { ...map, data };
}

/** 1 where `map` is a number, else 0. */
export function isNumber(map: ImageF32): ImageF32 {
  const values = map.data;
  const data = new Float32Array(values.length);
  for (let index = 0; index < data.length; index++) data[index] = Number.isNaN(values[index]) ? 0 : 1;
  return { ...map, data };
}

/**
 * A map whose cells come from where `flow`, of the same size, says, from the nearest each: between two distances there is
 * nothing, so nothing is interpolated.
 * @param scale cells to the unit of the flow.
 */
export function moveCells(map: ImageF32, flow: Flow, scale: number): ImageF32 {
  const { width, height, data: values } = map;
  const [dx, dy] = [flow.dx.data, flow.dy.data];
  const data = new Float32Array(values.length);
  for (let row = 0, index = 0; row < height; row++)
    for (let column = 0; column < width; column++, index++) {
      const x = nearest(column + scale * (dx[index] as number), width);
      const y = nearest(row + scale * (dy[index] as number), height);
      data[index] = values[y * width + x] as number;
    }
  return { ...map, data };
}

function nearest(at: number, side: number): number {
  return Math.min(side - 1, Math.max(0, Math.round(at)));
}
