/** Two frames of one flat painted scene, the second magnified, shifted, defocused and exposed by known amounts. */
import type { Registration } from "../../src/algorithms/calibration/registration/register.ts";
import type { Similarity } from "../../src/algorithms/calibration/registration/similarity.ts";
import { crop, image, type ImageF32 } from "../../src/core/image.ts";
import { diskBlur, resample } from "../../src/core/native/index.ts";
import { normal, seededRandom, type Random } from "../../src/core/random.ts";
import { poster } from "../../src/drivers/simulator/procedural/poster.ts";

export const FRAME = { width: 480, height: 360 };
/** The scene goes on around the frame, so that no border is made up. */
const MARGIN = 60;

export interface Look {
  readonly blur?: number;
  readonly gain?: number;
  /** Standard deviation, frame values 0..1. */
  readonly noise?: number;
}

const painted = new Map<number, ImageF32>();

/** A sharp scene, larger than the frame by the margin, after gamma. */
export function sheet(seed: number): ImageF32 {
  const known = painted.get(seed);
  if (known !== undefined) return known;
  const canvas = { width: FRAME.width + 2 * MARGIN, height: FRAME.height + 2 * MARGIN, channels: 1 } as const;
  const linear = poster(canvas, seededRandom(seed));
  const scene = { ...linear, data: linear.data.map((value) => Math.pow(Math.max(0, value), 1 / 2.2)) };
  painted.set(seed, scene);
  return scene;
}

/** What the frame shows of the scene under `map`. */
export async function look(
  scene: ImageF32,
  { along, across, dx, dy }: Similarity,
  { blur = 0, gain = 1, noise = 0 }: Look,
  random: Random,
): Promise<ImageF32> {
  const [x, y] = [scene.width / 2 - 0.5, scene.height / 2 - 0.5];
  // The inverse of the map from the reference to this frame.
  const norm = along ** 2 + across ** 2;
  const [c, s] = [along / norm, across / norm];
  const moved = await resample(scene, {
    width: scene.width,
    height: scene.height,
    matrix: [c, s, x - c * (x + dx) - s * (y + dy), -s, c, y + s * (x + dx) - c * (y + dy)],
    filter: "bicubic",
    border: "mirror",
  });
  const seen = crop(await diskBlur(moved, blur), { x: MARGIN, y: MARGIN, ...FRAME });
  return image(
    FRAME.width,
    FRAME.height,
    1,
    seen.data.map((value) => gain * value + noise * normal(random)),
  );
}

/** Root mean square distance at the four corners between where a map found and the true one take them, px. */
export function cornerError({ matrix }: Registration, truth: Similarity): number {
  const { width, height } = FRAME;
  let sum = 0;
  for (const [x, y] of [
    [-0.5, -0.5],
    [width - 0.5, -0.5],
    [-0.5, height - 0.5],
    [width - 0.5, height - 0.5],
  ] as const) {
    const [X, Y] = [x + 0.5 - width / 2, y + 0.5 - height / 2];
    const trueX = truth.along * X - truth.across * Y + truth.dx + width / 2 - 0.5;
    const trueY = truth.across * X + truth.along * Y + truth.dy + height / 2 - 0.5;
    sum += (matrix[0] * x + matrix[1] * y + matrix[2] - trueX) ** 2;
    sum += (matrix[3] * x + matrix[4] * y + matrix[5] - trueY) ** 2;
  }
  return Math.sqrt(sum / 4);
}
