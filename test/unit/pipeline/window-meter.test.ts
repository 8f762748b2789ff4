/** What a search asks for, measured on the windows of a frame. */
import { expect } from "chai";
import { image, type ImageU8 } from "../../../src/core/image.ts";
import type { Networks } from "../../../src/pipeline/networks.ts";
import { measureWindows } from "../../../src/pipeline/window-meter.ts";
import { PAINTED_NETWORKS } from "../../support/painted-world.ts";

/** Dark on the left, lighter on the right: the painted networks read the darker as the sharper. */
const frame = image(
  512,
  256,
  1,
  Uint8Array.from({ length: 512 * 256 }, (_, at) => (at % 512 < 256 ? 20 : 60)),
);
const left = { x: 0, y: 0, width: 256, height: 256 };
const right = { x: 256, y: 0, width: 256, height: 256 };

describe("the measurement of windows", () => {
  const sharpness = async (...windows: (typeof left)[]): Promise<number> => {
    const measured = await measureWindows("sharpness", frame, windows, 7, PAINTED_NETWORKS);
    if (measured.kind !== "sharpness") throw new Error(`measured ${measured.kind}`);
    expect(measured.position).to.equal(7);
    return measured.sharpness;
  };

  it("reads the sharpness of the windows and of nothing else", async () => {
    const [sharp, soft, both] = [await sharpness(left), await sharpness(right), await sharpness(left, right)];
    expect(sharp).to.be.above(soft + 0.1);
    expect(both).to.be.closeTo((sharp + soft) / 2, 1e-6);
  });

  it("measures the contrast beside the defocus where that is asked for", async () => {
    const measure = (...more: ["tenengrad"] | []) =>
      measureWindows("defocus", frame, [left, right], 7, PAINTED_NETWORKS, ...more);
    expect(await measure()).to.not.have.property("contrast");
    const alone = await measureWindows("tenengrad", frame, [left, right], 7, PAINTED_NETWORKS);
    if (!("value" in alone)) throw new Error(`measured ${alone.kind}`);
    expect(await measure("tenengrad")).to.include({ kind: "defocus", contrast: alone.value });
  });

  it("widens a window that is too small to read", async () => {
    const sizes: string[] = [];
    const networks: Networks = {
      ...PAINTED_NETWORKS,
      sharpness: () =>
        Promise.resolve({
          map: ({ width, height }: ImageU8) => {
            sizes.push(`${width}x${height}`);
            return Promise.resolve({ raw: [0.5], deviation: [0.1] });
          },
        }),
    };
    await measureWindows("sharpness", frame, [{ x: 100, y: 100, width: 3, height: 3 }], 7, networks);
    expect(sizes).to.deep.equal(["128x128"]);
  });
});
