import { expect } from "chai";
import type { ImageF32 } from "../../../src/core/image.ts";
import { fusionFeatures, type FusionEvidence } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { rejection } from "../../support/async.ts";
import { noiseF32 } from "../../support/pictures.ts";
import { fusionFeaturesReference } from "../../support/reference/fusion-features.ts";

const random = seededRandom(7);

function evidence(columns: number, rows: number): FusionEvidence {
  const map = (scale = 1, least = 0): ImageF32 => {
    const noise = noiseF32(random, columns, rows);
    return { ...noise, data: noise.data.map((value) => least + scale * value) };
  };
  return {
    frameLuma: map(),
    pictureLuma: map(),
    frameFine: map(1e-3),
    pictureFine: map(1e-5),
    frameCoarse: map(1e-2),
    pictureCoarse: map(0),
    dx: map(8, -4),
    dy: map(2, -1),
    certainty: map(50),
    mismatch: map(0.4),
    blur: map(20, -10),
    frameRadius: map(12),
    pictureRadius: map(3),
    known: map(0, 1),
  };
}

describe("fusionFeatures", () => {
  for (const [columns, rows] of [
    [23, 11],
    [1, 5],
    [4, 1],
  ] as const)
    it(`makes the planes of ${columns}x${rows} cells as they are defined`, async () => {
      const given = evidence(columns, rows);
      const expected = fusionFeaturesReference(given);
      const found = await fusionFeatures(given);
      expect(found.length).equal(expected.length);
      found.forEach((value, at) => expect(value).closeTo(expected[at]!, 2e-5, `value ${at}`));
    });

  it("refuses maps of different sizes, and none", async () => {
    const given = evidence(6, 4);
    expect(await rejection(fusionFeatures({ ...given, known: evidence(4, 6).known }))).property(
      "code",
      "invalid_image",
    );
    const lacking = { ...given, blur: undefined } as unknown as FusionEvidence;
    expect(await rejection(fusionFeatures(lacking))).property("code", "invalid_image");
  });
});
