import { expect } from "chai";
import { registerFrames } from "../../../src/algorithms/calibration/registration/register.ts";
import { IDENTITY, type Similarity } from "../../../src/algorithms/calibration/registration/similarity.ts";
import { AutofocusError } from "../../../src/core/errors.ts";
import { image, type Image, type ImageF32, zerosF32 } from "../../../src/core/image.ts";
import { seededRandom, uniform } from "../../../src/core/random.ts";
import { cornerError, FRAME, look, type Look, sheet } from "../../support/warped-pair.ts";
import { noiseF32 } from "../../support/pictures.ts";

const SCENES = [1, 2];
const WARPS: readonly Similarity[] = [
  { along: 0.9, across: 0, dx: 8, dy: -8 },
  { along: 0.963, across: 0, dx: -3.3, dy: 0.4 },
  { along: 1.004, across: 0, dx: 0.3, dy: -0.6 },
  { along: 1.048, across: 0, dx: 5.2, dy: 7.1 },
  { along: 1.1, across: 0, dx: -8, dy: 2.5 },
];

/** RMS corner errors of all warps, of the scenes in turn. */
async function errorsOf(reference: Look, moving: Look): Promise<number[]> {
  const random = seededRandom(5);
  const errors: number[] = [];
  for (const [i, warp] of WARPS.entries()) {
    const scene = sheet(SCENES[i % SCENES.length]!);
    const still = await look(scene, IDENTITY, reference, random);
    const moved = await look(scene, warp, moving, random);
    errors.push(cornerError(await registerFrames(still, moved), warp));
  }
  return errors;
}

async function failure(promise: Promise<unknown>): Promise<AutofocusError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(AutofocusError);
  return error as AutofocusError;
}

describe("registration", () => {
  const cases: readonly (readonly [string, Look, Look, number])[] = [
    ["clean", {}, {}, 0.1],
    ["gain 1.4 and noise", { noise: 0.015 }, { gain: 1.4, noise: 0.015 }, 0.1],
    ["gain 0.7, noise and 4 px of blur", { noise: 0.01 }, { gain: 0.7, noise: 0.01, blur: 4 }, 0.3],
    ["noise and 8 px of blur in the reference", { noise: 0.01, blur: 8 }, { noise: 0.01 }, 0.3],
    ["3 and 8 px of blur", { noise: 0.01, blur: 8 }, { noise: 0.01, blur: 3 }, 0.3],
  ];
  for (const [name, reference, moving, limit] of cases)
    it(`finds magnifications of 0.9 to 1.1 and shifts up to 8 px within ${limit} px: ${name}`, async () => {
      const errors = await errorsOf(reference, moving);
      expect(Math.max(...errors), errors.map((each) => each.toFixed(3)).join(" ")).to.be.lessThan(limit);
    });

  it("finds a small turn when asked to", async () => {
    const random = seededRandom(1);
    const scene = sheet(2);
    const warp = { along: 1.02, across: 0.012, dx: 2, dy: -3 };
    const [still, moved] = [await look(scene, IDENTITY, {}, random), await look(scene, warp, {}, random)];
    const turned = await registerFrames(still, moved, { rotation: true });
    expect(cornerError(turned, warp)).to.be.lessThan(0.1);
    const straight = await registerFrames(still, moved);
    expect([straight.matrix[1], straight.matrix[3]]).to.deep.equal([-0, 0]);
  });

  it("is not misled by what moves on its own", async () => {
    const random = seededRandom(1);
    const warp = { along: 1.03, across: 0, dx: 1.5, dy: 2 };
    const elsewhere = { along: 1.03, across: 0, dx: 9, dy: -6 };
    const [scene, other] = [sheet(1), sheet(2)];
    const paste = (onto: ImageF32, from: ImageF32): ImageF32 =>
      image(
        FRAME.width,
        FRAME.height,
        1,
        onto.data.map((value, i) => (i % FRAME.width < FRAME.width / 4 ? (from.data[i] as number) : value)),
      );
    const still = paste(await look(scene, IDENTITY, {}, random), await look(other, IDENTITY, {}, random));
    const moved = paste(await look(scene, warp, {}, random), await look(other, elsewhere, {}, random));
    expect(cornerError(await registerFrames(still, moved), warp)).to.be.lessThan(0.2);
  });

  it("follows frames that are in focus in different parts", async () => {
    const random = seededRandom(1);
    const warp = { along: 1.025, across: 0, dx: -1.2, dy: 0.8 };
    const scene = sheet(1);
    const halves = async (map: Similarity, left: number, right: number): Promise<ImageF32> => {
      const [a, b] = [
        await look(scene, map, { blur: left }, random),
        await look(scene, map, { blur: right }, random),
      ];
      const data = a.data.map((value, i) =>
        i % FRAME.width < FRAME.width / 2 ? value : (b.data[i] as number),
      );
      return image(FRAME.width, FRAME.height, 1, data);
    };
    const found = await registerFrames(await halves(IDENTITY, 0, 7), await halves(warp, 7, 0));
    expect(cornerError(found, warp)).to.be.lessThan(0.3);
  });

  it("reports the map in three ways that agree, and the gain", async () => {
    const random = seededRandom(1);
    const scene = sheet(1);
    const warp = { along: 1.05, across: 0, dx: 3, dy: -2 };
    const found = await registerFrames(
      await look(scene, IDENTITY, {}, random),
      await look(scene, warp, {}, random),
    );
    expect(found.improved).to.equal(true);
    expect(found.correlationAfter).to.be.greaterThan(0.95);
    expect(found.correlationBefore).to.be.lessThan(found.correlationAfter - 0.3);
    expect(found.matrix[0]).to.equal(found.scale);
    expect(found.matrix[4]).to.equal(found.scale);
    // The middle of the reference lies at (dx, dy) from the middle of the moving frame.
    const [x, y] = [FRAME.width / 2 - 0.5, FRAME.height / 2 - 0.5];
    expect(found.matrix[0] * x + found.matrix[2] - x).to.be.closeTo(found.dx, 1e-9);
    expect(found.matrix[4] * y + found.matrix[5] - y).to.be.closeTo(found.dy, 1e-9);
  });

  describe("leaves frames as they are", () => {
    const untouched = [1, 0, 0, 0, 1, 0];

    it("that are aligned, whatever their defocus", async () => {
      const random = seededRandom(2);
      for (const seed of SCENES) {
        const scene = sheet(seed);
        const still = await look(scene, IDENTITY, { noise: 0.01 }, random);
        for (const blur of [0, 2, 6]) {
          const found = await registerFrames(
            still,
            await look(scene, IDENTITY, { blur, noise: 0.01 }, random),
          );
          expect(found, `blur ${blur}`).to.include({ improved: false, scale: 1, dx: 0, dy: 0 });
          expect(found.correlationAfter).to.equal(found.correlationBefore);
          expect(found.matrix.map((value) => value + 0)).to.deep.equal(untouched);
        }
      }
    });

    it("that have nothing in common", async () => {
      const random = seededRandom(1);
      const [a, b] = [await look(sheet(1), IDENTITY, {}, random), await look(sheet(2), IDENTITY, {}, random)];
      expect((await registerFrames(a, b)).improved).to.equal(false);
      expect((await registerFrames(b, a)).improved).to.equal(false);
      const noise = (seed: number): ImageF32 => noiseF32(seededRandom(seed), FRAME.width, FRAME.height);
      expect((await registerFrames(noise(1), noise(2))).improved).to.equal(false);
    });

    it("that show nothing, or are tiny", async () => {
      const random = seededRandom(3);
      const empty = zerosF32(FRAME.width, FRAME.height);
      const something = await look(sheet(1), IDENTITY, {}, random);
      expect(await registerFrames(empty, empty)).to.include({ improved: false, correlationBefore: 0 });
      expect((await registerFrames(something, empty)).improved).to.equal(false);
      expect((await registerFrames(empty, something)).improved).to.equal(false);
      for (const [width, height] of [
        [1, 1],
        [31, 400],
        [32, 32],
        [33, 2000],
      ] as const) {
        const tiny = noiseF32(random, width, height);
        expect((await registerFrames(tiny, tiny)).improved).to.equal(false);
      }
    });
  });

  it("says what is wrong with frames and options", async () => {
    const gray = zerosF32(64, 64);
    expect(await failure(registerFrames(gray, zerosF32(64, 63)))).to.include({ code: "invalid_image" });
    const broken = zerosF32(64, 64);
    broken.data[77] = NaN;
    expect(await failure(registerFrames(gray, broken))).to.include({ code: "invalid_image" });
    for (const options of [{ maxScale: -1 }, { maxShift: 0.5 }, { maxScale: NaN }, { expectedScale: 0 }])
      expect(await failure(registerFrames(gray, gray, options))).to.include({ code: "invalid_input" });
  });

  it("takes stored values and colour, which counts by its luma", async () => {
    const random = seededRandom(9);
    const scene = sheet(2);
    const warp = { along: 1.02, across: 0, dx: 1, dy: 1 };
    const [still, moved] = [await look(scene, IDENTITY, {}, random), await look(scene, warp, {}, random)];
    const { width, height } = FRAME;
    const stored = (picture: ImageF32): Image =>
      image(
        width,
        height,
        3,
        Uint16Array.from({ length: 3 * width * height }, (_, i) => {
          const luma = 60000 * picture.data[Math.floor(i / 3)]!;
          // Red is off by as much as green makes up for.
          return Math.max(0, Math.min(65535, Math.round(luma + [1174, -598, 0][i % 3]!)));
        }),
      );
    const plain = await registerFrames(still, moved);
    const colour = await registerFrames(stored(still), stored(moved));
    expect(colour.scale).to.be.closeTo(plain.scale, 1e-4);
    expect(colour.dx).to.be.closeTo(plain.dx, 0.05);
  });

  it("gives the same result for any scale of values", async () => {
    const random = seededRandom(9);
    const scene = sheet(2);
    const warp = { along: uniform(random, 0.95, 1.05), across: 0, dx: 1, dy: 1 };
    const [still, moved] = [await look(scene, IDENTITY, {}, random), await look(scene, warp, {}, random)];
    const times = (picture: ImageF32, factor: number): ImageF32 => ({
      ...picture,
      data: picture.data.map((value) => factor * value),
    });
    const plain = await registerFrames(still, moved);
    const large = await registerFrames(times(still, 255), times(moved, 65535));
    expect(large.scale).to.be.closeTo(plain.scale, 1e-5);
    expect(large.dx).to.be.closeTo(plain.dx, 1e-2);
  });
});
