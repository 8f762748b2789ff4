import { expect } from "chai";
import fc from "fast-check";
import { AutofocusError } from "../../../src/core/errors.ts";
import { convertPixels, type RawFrame } from "../../../src/core/native/index.ts";
import { rejection } from "../../support/async.ts";
import { BYTES, isGray, isWide, isYuv, referenceColour, referenceY } from "../../support/reference/pixels.ts";

const ENCODINGS = Object.keys(BYTES);

/** Frames that are what they say, with any padding, of any bytes. */
const frames: fc.Arbitrary<RawFrame> = fc
  .record({
    encoding: fc.constantFrom(...ENCODINGS),
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 6 }),
    padding: fc.integer({ min: 0, max: 5 }),
    isBigEndian: fc.boolean(),
  })
  .map(({ width, ...rest }) => ({ ...rest, width: isYuv(rest.encoding) ? width * 2 : width }))
  .chain(({ encoding, width, height, padding, isBigEndian }) => {
    const step = width * BYTES[encoding]! + padding;
    return fc
      .uint8Array({ minLength: step * height, maxLength: step * height })
      .map((data) => ({ data, width, height, encoding, step, isBigEndian }));
  });

function pixels(frame: RawFrame): { x: number; y: number }[] {
  return Array.from({ length: frame.width * frame.height }, (_, at) => ({
    x: at % frame.width,
    y: Math.floor(at / frame.width),
  }));
}

/** 8 bits from the depth of the frame. */
const toByte = (frame: RawFrame, value: number): number =>
  isWide(frame.encoding) ? Math.round((value * 255) / 65535) : value;

const frame = (encoding: string, width: number, height: number, data: number[], more = {}): RawFrame => ({
  data: Uint8Array.from(data),
  width,
  height,
  encoding,
  step: data.length / height,
  isBigEndian: false,
  ...more,
});

describe("conversion of raw frames", () => {
  it("to rgb agrees with its reference for every encoding, padding and byte order", async () => {
    await fc.assert(
      fc.asyncProperty(frames, async (source) => {
        const { width, height, channels, data } = await convertPixels(source, "rgb");
        expect([width, height, channels]).deep.equal([source.width, source.height, 3]);
        pixels(source).forEach(({ x, y }, at) => {
          referenceColour(source, x, y).forEach((value, k) => {
            // YUV is computed in fixed point: a value that lies halfway may go either way.
            const tolerance = isYuv(source.encoding) ? 1 : 0;
            expect(Math.abs(data[3 * at + k]! - toByte(source, value))).most(tolerance);
          });
        });
      }),
      { numRuns: 300 },
    );
  });

  it("to gray agrees with its reference", async () => {
    await fc.assert(
      fc.asyncProperty(frames, async (source) => {
        const { data, channels } = await convertPixels(source, "gray");
        expect(channels).equal(1);
        pixels(source).forEach(({ x, y }, at) => {
          if (isYuv(source.encoding)) {
            expect(data[at]).equal(referenceY(source, x, y));
            return;
          }
          const [red, green, blue] = referenceColour(source, x, y).map((value) => toByte(source, value));
          expect(Math.abs(data[at]! - (0.299 * red! + 0.587 * green! + 0.114 * blue!))).below(0.51);
        });
      }),
      { numRuns: 300 },
    );
  });

  it("natively keeps the depth and the channels", async () => {
    await fc.assert(
      fc.asyncProperty(frames, async (source) => {
        const { data, channels } = await convertPixels(source, "native");
        expect(data).instanceOf(isWide(source.encoding) ? Uint16Array : Uint8Array);
        expect(channels).equal(isGray(source.encoding) ? 1 : 3);
        if (isYuv(source.encoding)) return;
        pixels(source).forEach(({ x, y }, at) => {
          const colour = referenceColour(source, x, y).slice(0, channels);
          expect([...data.subarray(channels * at, channels * (at + 1))]).deep.equal(colour);
        });
      }),
      { numRuns: 300 },
    );
  });

  it("refuses, and survives, every frame that lies about its size", async () => {
    const lies = fc.record({
      change: fc.constantFrom("data", "step", "width", "height"),
      by: fc.integer({ min: -40, max: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(frames, lies, async (source, { change, by }) => {
        const lying =
          change === "data"
            ? { ...source, data: new Uint8Array(Math.max(0, source.data.length + by)) }
            : { ...source, [change]: source[change as "step"] + by };
        const { data, width, height, step, encoding } = lying;
        const fits =
          width >= 1 &&
          height >= 1 &&
          step >= width * BYTES[encoding]! &&
          data.length === step * height &&
          !(isYuv(encoding) && width % 2 === 1);
        if (fits) {
          expect((await convertPixels(lying, "rgb")).width).equal(width);
        } else {
          expect((await rejection(convertPixels(lying, "rgb"))).code).equal("invalid_image");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("refuses anything at all in place of a field", async () => {
    const good = frame("mono8", 2, 1, [1, 2]);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...Object.keys(good)), fc.anything(), async (field, value) => {
        if (field === "step" && value === 2) return;
        const still = field === "isBigEndian" && typeof value === "boolean";
        const wrong = { ...good, [field]: value };
        const outcome = await convertPixels(wrong, "gray").catch((error: unknown) => error);
        if (still || (field === "width" && value === 1)) return;
        expect(outcome).instanceOf(AutofocusError);
        expect((outcome as AutofocusError).code).oneOf(["invalid_image", "invalid_input"]);
      }),
      { numRuns: 300 },
    );
  });

  it("says what is wrong", async () => {
    const message = async (source: RawFrame, to: "gray" = "gray"): Promise<string> =>
      (await rejection(convertPixels(source, to))).message;
    expect(await message(frame("bgr8", 2, 2, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))).equal(
      "Expected at least 6 bytes for the step of a frame of 2x2 bgr8 but received 5.",
    );
    expect(await message(frame("mono8", 2, 2, [1, 2, 3], { step: 2 }))).equal(
      "Expected step * height = 4 bytes for the data of a frame of 2x2 mono8 but received 3.",
    );
    expect(await message(frame("yuyv", 3, 1, [0, 0, 0, 0, 0, 0]))).equal(
      "Expected an even width for a frame of 3x1 yuyv.",
    );
    expect(await message(frame("jpeg", 1, 1, [0]))).match(
      /^Expected one of mono8, .* for encoding but received "jpeg"\.$/,
    );
    expect(await message(frame("mono8", 1, 1, [0]), "cmyk" as "gray")).match(
      / for to but received "cmyk"\.$/,
    );
  });

  it("reads a mono16 frame in either byte order", async () => {
    const bytes = [0x12, 0x34, 0xff, 0xff];
    const big = await convertPixels(frame("mono16", 2, 1, bytes, { isBigEndian: true }), "native");
    const little = await convertPixels(frame("mono16", 2, 1, bytes), "native");
    expect([...big.data]).deep.equal([0x1234, 0xffff]);
    expect([...little.data]).deep.equal([0x3412, 0xffff]);
    expect([...(await convertPixels(frame("mono16", 2, 1, bytes), "gray")).data]).deep.equal([52, 255]);
  });

  it("shows the known colours of BT.601: white, black and red", async () => {
    const pair = (y: number, u: number, v: number): number[] => [u, y, v, y];
    const source = frame("uyvy", 6, 1, [...pair(235, 128, 128), ...pair(16, 128, 128), ...pair(81, 90, 240)]);
    const { data } = await convertPixels(source, "rgb");
    expect([...data.subarray(0, 3)]).deep.equal([255, 255, 255]);
    expect([...data.subarray(6, 9)]).deep.equal([0, 0, 0]);
    expect([...data.subarray(12, 15)]).deep.equal([254, 0, 0]);
  });

  it("restores a flat colour from every Bayer pattern", async () => {
    for (const pattern of ["rggb", "grbg", "gbrg", "bggr"]) {
      const value: Readonly<Record<string, number>> = { r: 200, g: 90, b: 10 };
      const mosaic = Array.from({ length: 24 }, (_, at) => {
        const [x, y] = [at % 6, Math.floor(at / 6)];
        return value[pattern[(y % 2) * 2 + (x % 2)]!]!;
      });
      const { data } = await convertPixels(frame(`bayer_${pattern}8`, 6, 4, mosaic), "rgb");
      data.forEach((each, k) => expect(each, pattern).equal([200, 90, 10][k % 3]));
    }
  });
});
