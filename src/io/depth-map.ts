/** Depth pictures as in-focus positions: black is far, white is near, linear in the focus position in between. */
import { image, type ImageF32 } from "../core/image.ts";
import type { Steps } from "../core/units.ts";
import { readPicture } from "./picture.ts";

/** The in-focus positions that black and white stand for. */
export interface DepthRange {
  readonly far: Steps;
  readonly near: Steps;
}

/**
 * Reads an 8- or 16-bit gray picture as a map of in-focus positions: `far + value / largest * (near - far)`.
 * @throws AutofocusError `io`, `invalid_image`.
 */
export async function readDepthMap(file: string, { far, near }: DepthRange): Promise<ImageF32> {
  const { width, height, data } = await readPicture(file, { channels: 1 });
  const largest = data instanceof Uint16Array ? 65535 : 255;
  return image(
    width,
    height,
    1,
    Float32Array.from(data, (value) => far + (value / largest) * (near - far)),
  );
}
