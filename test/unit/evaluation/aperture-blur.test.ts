/** The blur that judges the radius network: against its shape, the theory of the disk, and the kernel it must not share. */
import { expect } from "chai";
import * as fc from "fast-check";
import { besselJ1 } from "../../../src/algorithms/optics/bessel.ts";
import { image, type ImageF32 } from "../../../src/core/image.ts";
import { diskBlur } from "../../../src/core/native/index.ts";
import { drawTexture } from "../../../src/dataset/textures.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { blurByAperture, blurMargin } from "../../../src/evaluation/radius/aperture-blur.ts";
import { DISK, LARGEST_REACH, polygon, type Aperture } from "../../../src/evaluation/radius/aperture.ts";

/** Area by many chords. */
function areaOf(aperture: Aperture): number {
  const chords = 20_000;
  const height = (2 * aperture.reach) / chords;
  let area = 0;
  for (let k = 0; k < chords; k++) {
    const chord = aperture.chord(-aperture.reach + (k + 0.5) * height);
    if (chord !== undefined) area += height * (chord[1] - chord[0]);
  }
  return area;
}

function middle(side: number, margin: number): { x: number; y: number; width: number; height: number } {
  return { x: margin, y: margin, width: side - 2 * margin, height: side - 2 * margin };
}

describe("apertures", () => {
  it("all have the area of the unit disk, and lie within their reach", () => {
    expect(areaOf(DISK)).to.be.closeTo(Math.PI, 1e-4);
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 9 }),
        fc.double({ min: 0, max: 7, noNaN: true }),
        (blades, turn) => {
          const aperture = polygon(blades, turn);
          expect(areaOf(aperture)).to.be.closeTo(Math.PI, 1e-3);
          expect(aperture.reach).to.be.at.most(LARGEST_REACH);
          expect(aperture.chord(aperture.reach + 1e-9)).to.equal(undefined);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("are squares for four blades", () => {
    const half = Math.sqrt(Math.PI) / 2;
    const square = polygon(4, 0);
    for (const y of [-0.8, 0, 0.5]) {
      const [left, right] = square.chord(y) ?? [NaN, NaN];
      expect([left, right]).to.satisfy(([a, b]: [number, number]) => Math.hypot(a + half, b - half) < 1e-12);
    }
    expect(square.chord(half + 1e-6)).to.equal(undefined);
  });
});

describe("the blur by an aperture", () => {
  it("weakens a grating as the disk, 2 J1(x) / x with x = 2 pi r f, and the square pixels say", () => {
    const side = 300;
    for (const [radius, frequency] of [
      [3, 0.05],
      [8, 0.05],
      [20, 0.011],
      [40, 0.021],
    ] as const) {
      const grating = Float32Array.from(
        { length: side * side },
        (_, at) => 0.5 + 0.4 * Math.cos(2 * Math.PI * frequency * ((at % side) - side / 2)),
      );
      const margin = blurMargin(radius);
      const blurred = blurByAperture(image(side, side, 1, grating), DISK, radius, middle(side, margin));
      const x = 2 * Math.PI * radius * frequency;
      const value = blurred.data[side / 2 - margin] ?? NaN;
      const pixels = Math.sin(Math.PI * frequency) / (Math.PI * frequency);
      const expected = (pixels * 2 * besselJ1(x)) / x;
      expect((value - 0.5) / 0.4, `r = ${radius}, f = ${frequency}`).to.be.closeTo(expected, 2e-3);
    }
  });

  it("agrees with the kernel that renders the training data, which computes it in another way", async () => {
    const texture = drawTexture("leaves", 200, seededRandom(3));
    const picture = image(
      200,
      200,
      1,
      Float32Array.from(texture.data, (value) => value / 255),
    );
    for (const radius of [0, 0.4, 0.8, 1.7, 4.25, 13.5, 40]) {
      const roi = middle(200, blurMargin(40));
      const own = blurByAperture(picture, DISK, radius, roi);
      const kernel = await diskBlur(picture, radius, { roi });
      expect(relativeDifference(own, kernel), `r = ${radius}`).to.be.below(0.004);
    }
  });

  it("keeps a flat picture flat", () => {
    const flat = image(60, 60, 1, new Float32Array(3600).fill(0.3));
    const { data } = blurByAperture(flat, polygon(5, 1), 12.3, middle(60, 17));
    expect(Math.max(...data.map((value) => Math.abs(value - 0.3)))).to.be.below(1e-6);
  });

  it("refuses a region that the blur would leave the picture for", () => {
    const picture = image(40, 40, 1, new Float32Array(1600));
    expect(() => blurByAperture(picture, DISK, 10, middle(40, 11))).to.throw("a margin of 12 px");
  });
});

/** Root mean square of the difference against the deviation of the picture. */
function relativeDifference(a: ImageF32, b: ImageF32): number {
  const mean = b.data.reduce((sum, value) => sum + value, 0) / b.data.length;
  let [difference, variance] = [0, 0];
  b.data.forEach((value, at) => {
    difference += (value - (a.data[at] ?? NaN)) ** 2;
    variance += (value - mean) ** 2;
  });
  return Math.sqrt(difference / variance);
}
