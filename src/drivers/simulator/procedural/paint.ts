/** Pictures from functions of the place, with smooth edges. */
import { image, type ImageF32 } from "../../../core/image.ts";
import type { Pixels } from "../../../core/units.ts";

export interface Canvas {
  readonly width: Pixels;
  readonly height: Pixels;
  readonly channels: 1 | 3;
}

/** Samples a pixel in each direction. */
const SAMPLES = 2;

/**
 * The picture whose colour at (x, y), in px, `colourAt` writes into its last argument as red, green, blue in linear
 * light; each pixel is the mean of 2x2 samples. Gray is luminance (Rec. 709, the weights for linear light).
 */
export function paint(
  { width, height, channels }: Canvas,
  colourAt: (x: Pixels, y: Pixels, colour: Float32Array) => void,
): ImageF32 {
  const picture = image(width, height, channels, new Float32Array(width * height * channels));
  const colour = new Float32Array(3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let [red, green, blue] = [0, 0, 0];
      for (let sample = 0; sample < SAMPLES * SAMPLES; sample++) {
        const x = column + ((sample % SAMPLES) + 0.5) / SAMPLES;
        const y = row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES;
        colourAt(x, y, colour);
        red += colour[0] as number;
        green += colour[1] as number;
        blue += colour[2] as number;
      }
      const share = 1 / (SAMPLES * SAMPLES);
      const pixel = row * width + column;
      if (channels === 1) picture.data[pixel] = share * (0.2126 * red + 0.7152 * green + 0.0722 * blue);
      else picture.data.set([share * red, share * green, share * blue], 3 * pixel);
    }
  }
  return picture;
}
