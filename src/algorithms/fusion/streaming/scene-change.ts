/**
 * Where a frame does not show what it should if the scene stood still: 0 = as expected, 1 = something moved. Single
 * pixels (noise) and small errors of the blur are averaged out.
 */
import { image, type ImageF32 } from "../../../core/image.ts";
import { boxFilter } from "../../../core/native/index.ts";

/** Half sides of the means over the difference and over its amount, px. */
const NOISE_RADIUS = 2;
const AREA_RADIUS = 6;

/** Differences of luma (0..1) that count as nothing, and as a change for sure. */
const NOTHING = 0.03;
const CERTAIN = 0.07;

/** Both one channel, 0..1 after gamma, of the same size. */
export async function sceneChange(frame: ImageF32, expected: ImageF32): Promise<ImageF32> {
  const { width, height } = frame;
  const difference = frame.data.map((value, i) => value - (expected.data[i] as number));
  const smooth = await boxFilter(image(width, height, 1, difference), NOISE_RADIUS, "replicate");
  const amount = await boxFilter(
    image(width, height, 1, smooth.data.map(Math.abs)),
    AREA_RADIUS,
    "replicate",
  );
  const change = amount.data.map((value) =>
    Math.min(1, Math.max(0, (value - NOTHING) / (CERTAIN - NOTHING))),
  );
  return image(width, height, 1, change);
}
