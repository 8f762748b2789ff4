/** The simulated camera of `focus --photos`. */
import { expect } from "chai";
import { PhotoCamera } from "../../../src/evaluation/photos/photo-camera.ts";
import { focusMeasure } from "../../../src/core/native/index.ts";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import { seededRandom, uniformInt } from "../../../src/core/random.ts";
import { paperLens } from "../../support/synthetic-focus.ts";

const lens = paperLens();

/** Blocks of random gray, which have texture at all scales down to 2 px. */
function blocks(width: number, height: number): ImageU8 {
  const random = seededRandom(5);
  const layers = [2, 8, 32].map((size) => ({
    size,
    gray: Array.from({ length: Math.ceil(width / size) * Math.ceil(height / size) }, () =>
      uniformInt(random, 0, 80),
    ),
  }));
  const data = Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return layers.reduce(
      (sum, { size, gray }) =>
        sum + gray[Math.floor(y / size) * Math.ceil(width / size) + Math.floor(x / size)]!,
      0,
    );
  });
  return image(width, height, 1, data);
}

const photo = blocks(900, 700);

describe("the camera over a photograph", () => {
  it("renders the window asked for, at least 512 px, reduced photographs never enlarged", async () => {
    const sizes = await Promise.all(
      (["full", "half", "512"] as const).map(async (window) => {
        const { width, height } = await PhotoCamera.create(photo, window, lens, 1500);
        return [width, height];
      }),
    );
    expect(sizes).to.deep.equal([
      [720, 560],
      [512, 512],
      [512, 512],
    ]);
  });

  it("fills the window with the mirrored photograph where that is smaller", async () => {
    const small = blocks(200, 200);
    const camera = await PhotoCamera.create(small, "half", lens, 1500);
    const frame = await camera.sharp();
    const at = (x: number, y: number): number => frame.data[y * frame.width + x]!;
    // The photograph, 160 px wide, lies in the middle; its right border is at 256 + 80 of the window.
    const margin = (frame.width - 512) / 2;
    for (const [x, y] of [
      [3, 256],
      [20, 260],
      [70, 250],
    ] as const)
      expect(at(margin + 336 + x, margin + y)).to.be.closeTo(at(margin + 335 - x, margin + y), 1);
  });

  it("is sharpest in focus and blurs on both sides", async () => {
    const camera = await PhotoCamera.create(photo, "half", lens, 1500);
    const sharpness = async (z: number): Promise<number> =>
      focusMeasure("tenengrad", await camera.capture(z, 1));
    const [below, focus, above, far] = [
      await sharpness(1470),
      await sharpness(1500),
      await sharpness(1530),
      await sharpness(2000),
    ];
    expect(below).to.be.below(focus / 2);
    expect(above).to.be.below(focus / 2);
    expect(far).to.be.below(above / 4);
  });

  it("repeats a capture by its seed, and draws other noise by another", async () => {
    const camera = await PhotoCamera.create(photo, "half", lens, 1500);
    const [first, again, other] = [
      await camera.capture(1600, 7),
      await camera.capture(1600, 7),
      await camera.capture(1600, 8),
    ];
    expect(again).to.deep.equal(first);
    expect(other).to.not.deep.equal(first);
    let sum = 0;
    other.data.forEach((value, at) => (sum += Math.abs(value - first.data[at]!)));
    expect(sum / other.data.length).to.be.within(0.2, 4);
  });

  it("magnifies about the middle as the lens does", async () => {
    // A white square of 80 px, 64 px in the frame, is 64 * 1.032 px wide at a scale of 1.032.
    const square = image(
      900,
      700,
      1,
      Uint8Array.from({ length: 900 * 700 }, (_, at) =>
        Math.abs((at % 900) - 449.5) < 200 && Math.abs(Math.floor(at / 900) - 349.5) < 200 ? 250 : 5,
      ),
    );
    const magnifying = { ...lens, radius: () => 0, scale: (z0: number, z: number) => 1 + (z - z0) / 10_000 };
    const camera = await PhotoCamera.create(square, "half", magnifying, 1500);
    for (const [z, width] of [
      [1500, 320],
      [2000, 336],
      [1100, 307],
    ] as const) {
      const frame = await camera.capture(z, 1);
      const row = frame.data.subarray(256 * 512, 257 * 512);
      const bright = [...row].map((value, x) => (value > 180 ? x : -1)).filter((x) => x >= 0);
      expect(bright.length).to.be.within(width - 2, width + 2);
      expect((bright[0]! + bright.at(-1)!) / 2).to.be.closeTo(255.5, 1);
    }
  });
});
