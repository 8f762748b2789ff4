/**
 * The most that choosing among the frames of a stack can come to: every pixel from the frame that is nearest to the true
 * scene around it. What lies beside the edge of a near thing, or is in focus between two positions, is sharp in no frame.
 */
import { image, type ImageU8 } from "../../core/image.ts";
import { boxFilter } from "../../core/native/index.ts";

/** Half the side of the neighbourhood that is compared: 5x5 px. */
const REACH = 2;

/** @param frames of the size and channels of `truth`, at least one. */
export async function bestChoice(frames: readonly ImageU8[], truth: ImageU8): Promise<ImageU8> {
  const { width, height, channels } = truth;
  const out = image(width, height, channels, new Uint8Array(truth.data.length));
  const least = new Float32Array(width * height).fill(Infinity);
  for (const frame of frames) {
    const errors = await boxFilter(image(width, height, 1, squaredErrors(frame, truth)), REACH, "replicate");
    errors.data.forEach((error, pixel) => {
      if (error >= (least[pixel] as number)) return;
      least[pixel] = error;
      const at = channels * pixel;
      out.data.set(frame.data.subarray(at, at + channels), at);
    });
  }
  return out;
}

/** Of every pixel, summed over the channels. */
function squaredErrors(frame: ImageU8, truth: ImageU8): Float32Array {
  const out = new Float32Array(truth.width * truth.height);
  truth.data.forEach((value, i) => {
    const pixel = Math.floor(i / truth.channels);
    out[pixel] = (out[pixel] as number) + ((frame.data[i] as number) - value) ** 2;
  });
  return out;
}
