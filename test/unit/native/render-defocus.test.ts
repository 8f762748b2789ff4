import { expect } from "chai";
import { image, type ImageF32, type ImageU8 } from "../../../src/core/image.ts";
import { diskBlur, renderDefocus } from "../../../src/core/native/index.ts";
import { seededRandom, uniformInt } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { AWKWARD_SIZES, farthest, noiseF32 } from "../../support/pictures.ts";
import { referenceRenderDefocus } from "../../support/reference/render-defocus.ts";

const layersOf = (width: number, height: number, layer: (x: number, y: number) => number): ImageU8 =>
  image(
    width,
    height,
    1,
    Uint8Array.from({ length: width * height }, (_, at) => layer(at % width, Math.floor(at / width))),
  );

const flat = (width: number, height: number, value: number): ImageF32 =>
  image(width, height, 1, new Float32Array(width * height).fill(value));

describe("rendering of defocus", () => {
  const random = seededRandom(10);

  for (const [width, height] of AWKWARD_SIZES) {
    it(`agrees with its reference on ${width}x${height}`, async () => {
      for (const channels of [1, 3] as const) {
        const picture = noiseF32(random, width, height, channels);
        const radii = [2.3, 0, 0.8, 4.1, 1.5];
        const scattered = layersOf(width, height, () => uniformInt(random, 0, 4));
        const slices = layersOf(width, height, (x, y) => Math.min(4, 1 + Math.floor((x + y) / 9)));
        for (const layers of [scattered, slices]) {
          const rendered = await renderDefocus(picture, layers, Float32Array.from(radii));
          const expected = referenceRenderDefocus(picture, layers, Array.from(Float32Array.from(radii)));
          expect(farthest(rendered, expected)).below(2e-5);
        }
      }
    });
  }

  it("is the disk blur where there is one layer, whichever", async () => {
    const picture = noiseF32(random, 70, 50, 3);
    const layers = layersOf(70, 50, () => 2);
    const rendered = await renderDefocus(picture, layers, Float32Array.of(9, 1, 6.5));
    expect(farthest(rendered, await diskBlur(picture, 6.5))).below(1e-6);
  });

  it("keeps a picture of one colour whatever the layers, so there are no halos", async () => {
    const picture = flat(200, 150, 0.37);
    const radii = Float32Array.from({ length: 24 }, (_, layer) => Math.abs(layer - 9) * 1.7);
    for (const layers of [
      layersOf(200, 150, (x) => Math.floor(x / 9)),
      layersOf(200, 150, (x, y) => Math.floor(12 + 11.9 * Math.sin(x / 20) * Math.cos(y / 15))),
      layersOf(200, 150, () => uniformInt(random, 0, 23)),
    ]) {
      expect(farthest(await renderDefocus(picture, layers, radii), picture)).below(2e-6);
    }
  });

  it("lets a near thing cover a far one sharply, and a blurred near thing be seen through at its edge only", async () => {
    const layers = layersOf(120, 80, (x) => (x < 60 ? 0 : 1));
    const picture = image(
      120,
      80,
      1,
      Float32Array.from(layers.data, (layer) => (layer === 0 ? 0.1 : 0.9)),
    );
    const row = async (far: number, near: number): Promise<Float32Array> =>
      (await renderDefocus(picture, layers, Float32Array.of(far, near))).data.subarray(40 * 120, 41 * 120);
    const sharp = await row(15, 0);
    expect(sharp[59], "the far thing's blur does not spill over the near one").closeTo(0.1, 1e-6);
    expect(sharp[60]).closeTo(0.9, 1e-6);
    const soft = await row(0, 15);
    expect(soft[60 - 17]).closeTo(0.1, 1e-6);
    expect(soft[59]! + soft[60]!, "half of either at the edge").closeTo(1, 1e-5);
    expect(soft[60 + 17]).closeTo(0.9, 1e-6);
    for (let x = 46; x < 75; x++) expect(soft[x], `column ${x}`).above(soft[x - 1]!);
  });

  it("renders disks of 200 px", async () => {
    const layers = layersOf(300, 200, (x, y) => (Math.hypot(x - 150, y - 100) < 60 ? 1 : 0));
    const picture = image(
      300,
      200,
      1,
      Float32Array.from(layers.data, (layer) => (layer === 0 ? 0.2 : 0.8)),
    );
    const { data } = await renderDefocus(picture, layers, Float32Array.of(0, 200));
    const cover = (60 / 200) ** 2;
    expect(data[100 * 300 + 150]).closeTo(0.2 + 0.6 * cover, 0.15);
    expect(data.every((value) => value >= 0.2 - 1e-5 && value <= 0.8 + 1e-5)).equal(true);
  });

  it("refuses what does not fit together", async () => {
    const picture = noiseF32(random, 6, 5);
    const layers = layersOf(6, 5, (x) => x % 3);
    const radii = Float32Array.of(1, 2, 3);
    const code = async (...args: Parameters<typeof renderDefocus>): Promise<string> =>
      (await rejection(renderDefocus(...args))).code;
    expect(
      await code(
        picture,
        layersOf(5, 6, () => 0),
        radii,
      ),
    ).equal("invalid_image");
    expect(await code(picture, layers, Float32Array.of(1, 2))).equal("invalid_input");
    expect(await code(picture, layers, new Float32Array())).equal("invalid_input");
    expect(await code(picture, layers, new Float32Array(257))).equal("invalid_input");
    for (const bad of [NaN, -1, 1001, Infinity]) {
      expect(await code(picture, layers, Float32Array.of(1, bad, 3))).equal("invalid_input");
    }
    expect(await code(picture, layers, [1, 2, 3] as unknown as Float32Array)).equal("invalid_input");
  });
});
