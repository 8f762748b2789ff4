import { expect } from "chai";
import fc from "fast-check";
import { AutofocusError } from "../../../src/core/errors.ts";
import { crop, image, MAX_SIDE } from "../../../src/core/image.ts";
import { centralRoi, intersect } from "../../../src/core/roi.ts";

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof AutofocusError) return error.code;
    throw error;
  }
  return "none";
}

describe("image", () => {
  for (const [width, height, length] of [
    [0, 1, 0],
    [1, -1, 1],
    [1.5, 2, 3],
    [NaN, 1, 1],
    [MAX_SIDE + 1, 1, MAX_SIDE + 1],
    [2, 2, 3],
    [2, 2, 5],
  ] as const) {
    it(`rejects ${width}x${height} over ${length} values`, () => {
      expect(codeOf(() => image(width, height, 1, new Uint8Array(length)))).to.equal("invalid_image");
    });
  }
});

describe("crop", () => {
  it("copies the pixels of the region, all channels", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(1, 3),
        fc.nat(),
        (w, h, channels, salt) => {
          const source = image(
            w,
            h,
            channels,
            Uint16Array.from({ length: w * h * channels }, (_, i) => i),
          );
          const x = salt % w;
          const y = (salt >> 4) % h;
          const roi = { x, y, width: w - x, height: h - y };
          const part = crop(source, roi);
          for (let row = 0; row < roi.height; row++) {
            for (let i = 0; i < roi.width * channels; i++) {
              expect(part.data[row * roi.width * channels + i]).to.equal(((y + row) * w + x) * channels + i);
            }
          }
        },
      ),
    );
  });

  for (const roi of [
    { x: -1, y: 0, width: 1, height: 1 },
    { x: 3, y: 0, width: 2, height: 1 },
    { x: 0, y: 0, width: 0, height: 1 },
    { x: 0.5, y: 0, width: 1, height: 1 },
    { x: NaN, y: 0, width: 1, height: 1 },
  ]) {
    it(`rejects ${JSON.stringify(roi)}`, () => {
      expect(codeOf(() => crop(image(4, 4, 1, new Uint8Array(16)), roi))).to.equal("invalid_input");
    });
  }
});

describe("intersect", () => {
  it("is the common part, whichever comes first", () => {
    const a = { x: 0, y: 0, width: 10, height: 10 };
    const b = { x: 6, y: -5, width: 10, height: 8 };
    expect(intersect(a, b)).to.deep.equal({ x: 6, y: 0, width: 4, height: 3 });
    expect(intersect(b, a)).to.deep.equal(intersect(a, b));
  });

  it("is undefined for regions that only touch", () => {
    expect(intersect({ x: 0, y: 0, width: 4, height: 4 }, { x: 4, y: 0, width: 4, height: 4 })).to.equal(
      undefined,
    );
  });
});

describe("centralRoi", () => {
  it("is the central half, at least 512 px where the frame has them", () => {
    expect(centralRoi(1920, 1080, 0.5, 512)).to.deep.equal({ x: 480, y: 270, width: 960, height: 540 });
    expect(centralRoi(800, 600, 0.5, 512)).to.deep.equal({ x: 144, y: 44, width: 512, height: 512 });
    expect(centralRoi(640, 480, 0.5, 512)).to.deep.equal({ x: 64, y: 0, width: 512, height: 480 });
  });
});
