/** Strength and orientation of edges by Sobel's filters, as the gradient-based metrics take them. */
import type { ImageF32 } from "../../../core/image.ts";

export interface Edges {
  readonly strength: Float64Array;
  /** -pi/2..pi/2 */
  readonly orientation: Float64Array;
}

/** Edges of a gray picture; outside of it counts as its nearest pixel, or as 0. */
export function sobel({ width, height, data }: ImageF32, outside: "nearest" | "zero"): Edges {
  const strength = new Float64Array(data.length);
  const orientation = new Float64Array(data.length);
  const at = (x: number, y: number): number => {
    const column = Math.min(width - 1, Math.max(0, x));
    const row = Math.min(height - 1, Math.max(0, y));
    return outside === "zero" && (column !== x || row !== y) ? 0 : (data[row * width + column] as number);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [nw, n, ne] = [at(x - 1, y - 1), at(x, y - 1), at(x + 1, y - 1)];
      const [sw, s, se] = [at(x - 1, y + 1), at(x, y + 1), at(x + 1, y + 1)];
      const sx = ne + 2 * at(x + 1, y) + se - nw - 2 * at(x - 1, y) - sw;
      const sy = sw + 2 * s + se - nw - 2 * n - ne;
      strength[y * width + x] = Math.hypot(sx, sy);
      orientation[y * width + x] = sx === 0 ? (sy === 0 ? 0 : Math.PI / 2) : Math.atan(sy / sx);
    }
  }
  return { strength, orientation };
}
