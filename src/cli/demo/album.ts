/** Where the demonstration puts its pictures, and how it compares them. */
import path from "node:path";
import { psnr } from "../../algorithms/fusion/metrics/psnr.ts";
import { crop, image, type ImageF32, type ImageU8 } from "../../core/image.ts";
import { expose } from "../../core/native/index.ts";
import { writePicture } from "../../io/picture.ts";
import { fromImageMessage } from "../../ros/image-message.ts";
import type { ImageMsg } from "../../ros/messages.ts";

/** Camera values of light without noise: what the simulated camera would give if it had none. */
const NOISELESS = { gain: 1, gamma: 2.2, shotNoise: 0, readNoise: 0, seed: 0 };

/** Pixels left out at the borders of a comparison: there the blur mixes in what lies outside the frame. */
const BORDER = 16;

export class Album {
  readonly directory: string;
  readonly #names: string[] = [];

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Names of the pictures so far, in order. */
  get names(): readonly string[] {
    return this.#names;
  }

  async keep(name: string, picture: ImageU8 | ImageMsg): Promise<void> {
    const pixels = "encoding" in picture ? await fromImageMessage(picture, "rgb") : picture;
    await writePicture(path.join(this.directory, name), pixels);
    this.#names.push(name);
  }

  /** A depth message (32FC1, steps) in gray: black = the lowest position, white = the highest. */
  async keepDepth(name: string, { width, height, data }: ImageMsg, low: number, high: number): Promise<void> {
    const positions = new Float32Array(data.slice().buffer);
    const gray = Uint8Array.from(positions, (z) => Math.round((255 * (z - low)) / (high - low)));
    await this.keep(name, image(width, height, 1, gray));
  }
}

/** Peak signal-to-noise ratio of a frame against the scene as it is, dB. */
export async function fidelity(frame: ImageMsg, truth: ImageF32): Promise<number> {
  const [picture, wanted] = await Promise.all([fromImageMessage(frame, "rgb"), expose(truth, NOISELESS)]);
  const { width, height } = picture;
  const inner = { x: BORDER, y: BORDER, width: width - 2 * BORDER, height: height - 2 * BORDER };
  return psnr(crop(picture, inner), crop(wanted, inner), 255);
}
