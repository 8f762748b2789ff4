import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import type { AutofocusError } from "../../../src/core/errors.ts";
import { image } from "../../../src/core/image.ts";
import {
  decode,
  encode,
  pictureSize,
  readGray,
  readPicture,
  toEightBit,
  writePicture,
  type Picture,
} from "../../../src/io/picture.ts";

/** A 16x8 JPEG, dark on the left, whose orientation tag (6) says: turn clockwise for viewing. */
async function turnedJpeg(): Promise<Uint8Array> {
  const upright = await encode(
    image(
      16,
      8,
      1,
      new Uint8Array(128).map((_, i) => (i % 16 < 8 ? 40 : 200)),
    ),
    "jpeg",
  );
  // prettier-ignore
  const exif = [
    0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, // APP1, length, "Exif"
    0x4d, 0x4d, 0, 42, 0, 0, 0, 8, // big-endian TIFF header
    0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, // one entry: orientation = 6
  ];
  return Uint8Array.from([...upright.subarray(0, 2), ...exif, ...upright.subarray(2)]);
}

async function thrown(work: Promise<unknown>): Promise<AutofocusError> {
  return work.then(
    () => {
      throw new Error("expected a failure");
    },
    (error: unknown) => error as AutofocusError,
  );
}

const picture = fc
  .record({
    width: fc.integer({ min: 1, max: 9 }),
    height: fc.integer({ min: 1, max: 9 }),
    channels: fc.constantFrom(1 as const, 3 as const),
    wide: fc.boolean(),
    seed: fc.integer(),
  })
  .map(({ width, height, channels, wide, seed }): Picture => {
    const size = width * height * channels;
    const value = (_: unknown, index: number): number => Math.imul(seed + index, 2654435761) >>> 16;
    return wide
      ? image(width, height, channels, Uint16Array.from({ length: size }, value))
      : image(width, height, channels, Uint8Array.from({ length: size }, value));
  });

describe("pictures", () => {
  let folder = "";
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "pictures-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("come back from PNG and TIFF as they were written, 8 and 16 bits, gray and colour", async () => {
    await fc.assert(
      fc.asyncProperty(picture, fc.constantFrom("png", "tiff"), async (written, format) => {
        const file = path.join(folder, "sub", `round.${format}`);
        await writePicture(file, written);
        const read = await readPicture(file);
        expect(read.data.constructor).to.equal(written.data.constructor);
        expect(read).to.deep.equal(written);
      }),
      { numRuns: 40 },
    );
  });

  it("survive a JPEG nearly unchanged, and 16 bits become 8 there", async () => {
    const flat = image(16, 16, 3, new Uint16Array(768).fill(128 * 257));
    const read = await decode(await encode(flat, "jpeg"), "memory");
    expect(read.data).to.be.instanceOf(Uint8Array);
    for (const value of read.data) expect(value).to.be.closeTo(128, 1);
  });

  it("become gray by Rec. 601 luma and colour by repetition", async () => {
    const colour = image(2, 1, 3, Uint8Array.of(255, 0, 0, 10, 20, 30));
    const png = await encode(colour, "png");
    const gray = await decode(png, "memory", { channels: 1 });
    // 0.299 * 255 = 76.2; 2.99 + 11.74 + 3.42 = 18.2
    expect([...gray.data]).to.deep.equal([76, 18]);
    const again = await decode(await encode(gray, "png"), "memory", { channels: 3 });
    expect([...again.data]).to.deep.equal([76, 76, 76, 18, 18, 18]);
  });

  it("tell their size without being decoded", async () => {
    const file = path.join(folder, "size.jpg");
    await writeFile(file, await turnedJpeg());
    expect(await pictureSize(file)).to.deep.equal({ width: 8, height: 16, channels: 1, bits: 8 });
    expect((await thrown(pictureSize(path.join(folder, "none.png")))).code).to.equal("io");
  });

  it("keep 16 bits through gray, and round them to 8 in readGray", async () => {
    const file = path.join(folder, "wide.png");
    await writePicture(file, image(2, 1, 1, Uint16Array.of(65535, 1000)));
    expect([...(await readPicture(file)).data]).to.deep.equal([65535, 1000]);
    expect([...(await readGray(file)).data]).to.deep.equal([255, 4]);
    const eight = image(1, 1, 1, Uint8Array.of(7));
    expect(toEightBit(eight).data).to.equal(eight.data);
  });

  it("lose their transparency, not the colour under it", async () => {
    // A 2x1 RGBA PNG: red with opacity 64, blue with 255.
    const bytes = Buffer.from(
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR4nGP4z8DgwMDw/z8ADD4DPnyO9wgAAAAASUVORK5CYII=",
      "base64",
    );
    const colour = await decode(bytes, "memory");
    expect(colour).to.include({ width: 2, height: 1, channels: 3 });
    expect([...colour.data]).to.deep.equal([255, 0, 0, 0, 0, 255]);
  });

  it("are turned as their orientation tag says", async () => {
    const read = await decode(await turnedJpeg(), "memory");
    expect(read).to.include({ width: 8, height: 16, channels: 1 });
    expect(read.data[0]).to.be.closeTo(40, 8);
    expect(read.data[8 * 15]).to.be.closeTo(200, 8);
  });

  it("are refused when truncated, of no known format or empty, with the name of the file", async () => {
    const whole = await encode(
      image(
        64,
        64,
        1,
        new Uint8Array(4096).map((_, i) => i * 7),
      ),
      "png",
    );
    const bad = {
      truncated: whole.subarray(0, whole.length >> 1),
      text: Buffer.from("hello"),
      empty: Buffer.alloc(0),
    };
    for (const [name, bytes] of Object.entries(bad)) {
      const file = path.join(folder, `${name}.png`);
      await writeFile(file, bytes);
      for (const read of [readPicture, readGray]) {
        const error = await thrown(read(file));
        expect(error.code).to.equal("invalid_image");
        expect(error.message).to.include(file);
      }
    }
  });

  it("are refused when truncated as JPEG", async () => {
    const whole = await encode(
      image(
        256,
        256,
        1,
        new Uint8Array(65536).map((_, i) => i * 31),
      ),
      "jpeg",
    );
    expect((await thrown(decode(whole.subarray(0, whole.length >> 1), "half.jpg"))).message).to.include(
      "half.jpg",
    );
  });

  it("that are missing or cannot be written give io errors", async () => {
    const missing = path.join(folder, "none.png");
    expect(await thrown(readPicture(missing))).to.include({ code: "io" });
    const file = path.join(folder, "file.png");
    await writePicture(file, image(1, 1, 1, Uint8Array.of(1)));
    const error = await thrown(writePicture(path.join(file, "below.png"), image(1, 1, 1, Uint8Array.of(1))));
    expect(error.code).to.equal("io");
    expect(error.message).to.include("below.png");
  });

  it("are written only in formats that are known", async () => {
    const error = await thrown(writePicture(path.join(folder, "x.bmp"), image(1, 1, 1, Uint8Array.of(1))));
    expect(error.code).to.equal("invalid_input");
    expect(error.message).to.include(".png").and.to.include("x.bmp");
  });
});
