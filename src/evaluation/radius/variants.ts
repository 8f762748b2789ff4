/** The ways in which a defocused frame comes out of a camera, apart from its radius. */
import { image, type ImageF32, type ImageU8 } from "../../core/image.ts";
import { expose, gaussianBlur } from "../../core/native/index.ts";
import { uniform, uniformInt, type Random } from "../../core/random.ts";
import type { Pixels } from "../../core/units.ts";
import { normals } from "../../dataset/normals.ts";
import { decode, encode, toEightBit } from "../../io/picture.ts";
import { DISK, polygon, type Aperture } from "./aperture.ts";

export const VARIANT_NAMES = ["clean", "noisy", "dark", "jpeg", "soft", "polygonal"] as const;
export type VariantName = (typeof VARIANT_NAMES)[number];

export interface Variant {
  /** One sentence for the report. */
  readonly description: string;
  readonly aperture: (random: Random) => Aperture;
  /** From linear light behind the aperture to camera values. */
  readonly photograph: (light: ImageF32, radius: Pixels, random: Random) => Promise<ImageU8>;
}

export const GAMMA = 2.2;

/** Electrons at white of a sensor without visible noise. */
const CLEAN = 100_000;

const DARK_GAIN = 1 / 16;
const JPEG_QUALITY = 75;

/** A noisy camera: ISO 3200 or so, the grain as wide as demosaicing leaves it, px. */
const NOISY = { electrons: 800, read: 0.004, grain: 0.7 } as const;

/** A soft point: the disk behind a Gaussian of this share of its radius and so many pixels. */
const SOFT = { share: 0.15, least: 0.3 } as const;

const disk = (): Aperture => DISK;

const take = (light: ImageF32, gain: number, electrons: number, random: Random): Promise<ImageU8> =>
  expose(light, {
    gain,
    gamma: GAMMA,
    shotNoise: electrons,
    readNoise: 0,
    seed: uniformInt(random, 0, 2 ** 31),
  });

export const VARIANTS: Readonly<Record<VariantName, Variant>> = {
  clean: {
    description: "a disk, next to no noise",
    aperture: disk,
    photograph: (light, _radius, random) => take(light, 1, CLEAN, random),
  },
  noisy: {
    description: `white is ${NOISY.electrons} photo-electrons, the grain ${NOISY.grain} px wide`,
    aperture: disk,
    photograph: async (light, _radius, random) =>
      expose(await addGrain(light, random), {
        ...{ gain: 1, gamma: GAMMA, shotNoise: 0, readNoise: 0, seed: 0 },
      }),
  },
  dark: {
    description: `exposed to a sixteenth, white is ${CLEAN / 10} photo-electrons`,
    aperture: disk,
    photograph: (light, _radius, random) => take(light, DARK_GAIN, CLEAN / 10, random),
  },
  jpeg: {
    description: `JPEG of quality ${JPEG_QUALITY}`,
    aperture: disk,
    photograph: async (light, _radius, random) => {
      const bytes = await encode(await take(light, 1, CLEAN, random), "jpeg", { quality: JPEG_QUALITY });
      return toEightBit(await decode(bytes, "frame", { channels: 1 }));
    },
  },
  soft: {
    description: `the disk behind a Gaussian of ${SOFT.share} of its radius and ${SOFT.least} px more; the radius is that before softening`,
    aperture: disk,
    photograph: async (light, radius, random) =>
      take(await gaussianBlur(light, SOFT.share * radius + SOFT.least), 1, CLEAN, random),
  },
  polygonal: {
    description:
      "an aperture of 5 to 9 straight blades, turned anyhow; the radius is that of the disk of its area",
    aperture: (random) => polygon(uniformInt(random, 5, 9), uniform(random, 0, 2 * Math.PI)),
    photograph: (light, _radius, random) => take(light, 1, CLEAN, random),
  },
};

/** The light with shot and read noise, which the camera's interpolation has blurred. */
async function addGrain(light: ImageF32, random: Random): Promise<ImageF32> {
  const { width, height, data } = light;
  const white = normals(data.length, random).map(
    (deviate, at) => deviate * Math.sqrt(Math.max(0, data[at] as number) / NOISY.electrons + NOISY.read ** 2),
  );
  const grain = await gaussianBlur(image(width, height, 1, white), NOISY.grain);
  return image(
    width,
    height,
    1,
    grain.data.map((value, at) => value + (data[at] as number)),
  );
}
