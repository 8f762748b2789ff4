import { expect } from "chai";
import { AutofocusError } from "../../../src/core/errors.ts";
import { image, type ImageF32 } from "../../../src/core/image.ts";
import { convolve, diskBlur } from "../../../src/core/native/index.ts";
import { seededRandom } from "../../../src/core/random.ts";

const random = seededRandom(9);
const noise = (width: number, height: number): ImageF32 =>
  image(
    width,
    height,
    1,
    Float32Array.from({ length: width * height }, () => random.next()),
  );

function mirrored(index: number, length: number): number {
  const folded = ((index % (2 * length)) + 2 * length) % (2 * length);
  return folded < length ? folded : 2 * length - 1 - folded;
}

/** The sum as it is defined. */
function reference(picture: ImageF32, filter: ImageF32): Float64Array {
  const reach = (filter.width - 1) / 2;
  return Float64Array.from(picture.data, (_, at) => {
    const [x, y] = [at % picture.width, Math.floor(at / picture.width)];
    let sum = 0;
    for (let j = 0; j < filter.width; j++)
      for (let i = 0; i < filter.width; i++)
        sum +=
          filter.data[j * filter.width + i]! *
          picture.data[
            mirrored(y + reach - j, picture.height) * picture.width + mirrored(x + reach - i, picture.width)
          ]!;
    return sum;
  });
}

describe("convolve", () => {
  it("is the sum it stands for, also with filters larger than the picture", async () => {
    for (const [width, height, side] of [
      [23, 17, 5],
      [40, 9, 1],
      [7, 6, 17],
    ] as const) {
      const picture = noise(width, height);
      const filter = noise(side, side);
      const { data } = await convolve(picture, filter);
      reference(picture, filter).forEach((value, at) => {
        expect(data[at]).to.be.closeTo(value, 1e-5 * side * side);
      });
    }
  });

  it("cuts out a region that still sees what lies around it", async () => {
    const picture = noise(50, 40);
    const filter = noise(9, 9);
    const roi = { x: 3, y: 20, width: 30, height: 15 };
    const whole = await convolve(picture, filter);
    const part = await convolve(picture, filter, { roi });
    part.data.forEach((value, at) => {
      const [x, y] = [roi.x + (at % roi.width), roi.y + Math.floor(at / roi.width)];
      expect(value).to.be.closeTo(whole.data[y * 50 + x]!, 1e-4);
    });
  });

  it("with the filter of a disk agrees with the disk blur", async () => {
    const point = new Float32Array(41 * 41);
    point[20 * 41 + 20] = 1;
    const disk = await diskBlur(image(41, 41, 1, point), 7.3);
    const picture = noise(64, 64);
    const [own, theirs] = [await convolve(picture, disk), await diskBlur(picture, 7.3)];
    own.data.forEach((value, at) => expect(value).to.be.closeTo(theirs.data[at]!, 1e-4));
  });

  it("refuses colour pictures and filters that have no centre", async () => {
    const refused = async (picture: ImageF32, filter: ImageF32): Promise<string> => {
      const error: unknown = await convolve(picture, filter).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(AutofocusError);
      return (error as AutofocusError).code;
    };
    const colour = image(4, 4, 3, new Float32Array(48));
    expect(await refused(colour, noise(3, 3))).to.equal("invalid_image");
    expect(await refused(noise(4, 4), noise(4, 4))).to.equal("invalid_image");
    expect(await refused(noise(4, 4), noise(3, 5))).to.equal("invalid_image");
  });
});
