/**
 * Point spread functions of real lenses, where paper 1, Eq. 4, has a plain disk: the defocus blur is a picture of the
 * aperture, so it takes the shape of the blades, is cut at the sides by the lens barrel (cat's eye), is brighter or darker at
 * its rim under spherical aberration, is a ring behind a mirror lens, and has another size for each colour.
 */
import { image, type ImageF32 } from "../core/image.ts";
import { uniform, uniformInt, type Random } from "../core/random.ts";
import type { Pixels } from "../core/units.ts";

export interface Aperture {
  /** Blades of the iris; 0 = round. */
  readonly blades: number;
  /** 0 = straight blades, 1 = as good as round. */
  readonly roundness: number;
  /** Direction of a corner, radians. */
  readonly rotation: number;
  /** Distance of the barrel's shadow from the centre in radii, 0 = none, and its direction. */
  readonly catEye: number;
  readonly catEyeAngle: number;
  /** Brightness of the rim against the centre, -1..1; 0 = even. */
  readonly rim: number;
  /** Radius of a central obstruction in radii, 0 = none. */
  readonly obstruction: number;
  /** Radius of red minus that of green, px; blue differs the other way, by 0.7 as much (axial colour). */
  readonly chromatic: Pixels;
}

/** Shares of the colours in a gray picture (ITU-R BT.601): red, green, blue. */
const GRAY = [0.299, 0.587, 0.114] as const;

export function drawAperture(random: Random): Aperture {
  const chance = (share: number): boolean => random.next() < share;
  return {
    blades: chance(0.6) ? uniformInt(random, 5, 9) : 0,
    roundness: uniform(random, 0, 0.9),
    rotation: uniform(random, 0, 2 * Math.PI),
    catEye: chance(0.3) ? uniform(random, 0.1, 0.7) : 0,
    catEyeAngle: uniform(random, 0, 2 * Math.PI),
    rim: chance(0.5) ? uniform(random, -0.7, 0.7) : 0,
    obstruction: chance(0.04) ? uniform(random, 0.2, 0.45) : 0,
    chromatic: chance(0.4) ? uniform(random, -1.2, 1.2) : 0,
  };
}

/**
 * The filter of an aperture whose disk, were it round and whole, would have `radius`: the label. Polygons have the area
 * of that disk. A pixel counts for its part inside, by samples. Sums to one.
 * @param chromaticScale Pixels of the filter per pixel that `chromatic` is given in (the blur may be computed on a reduced picture).
 */
export function pointSpread(aperture: Aperture, radius: Pixels, chromaticScale = 1): ImageF32 {
  const shift = aperture.chromatic * chromaticScale;
  const radii = [radius + shift, radius, radius - 0.7 * shift].map(Math.abs);
  const corner = cornerScale(aperture);
  const reach = Math.ceil(Math.max(...radii) * corner + 0.5);
  const side = 2 * reach + 1;
  const sum = new Float64Array(side * side);
  radii.forEach((each, colour) => {
    const one = rasterise(aperture, each, reach, corner);
    for (let at = 0; at < sum.length; at++) sum[at]! += GRAY[colour]! * one[at]!;
  });
  return image(side, side, 1, Float32Array.from(sum));
}

function rasterise(aperture: Aperture, radius: Pixels, reach: number, corner: number): Float64Array {
  const side = 2 * reach + 1;
  const values = new Float64Array(side * side);
  const samples = radius < 4 ? 8 : 3;
  let total = 0;
  for (let at = 0; at < values.length; at++) {
    let sum = 0;
    for (let k = 0; k < samples * samples; k++) {
      const x = (at % side) - reach + ((k % samples) + 0.5) / samples - 0.5;
      const y = Math.floor(at / side) - reach + (Math.floor(k / samples) + 0.5) / samples - 0.5;
      sum += transmission(aperture, x / radius, y / radius, corner);
    }
    values[at] = sum;
    total += sum;
  }
  if (total === 0) {
    values[(values.length - 1) / 2] = 1;
    return values;
  }
  return values.map((value) => value / total);
}

/** Light through the aperture at a place in units of the radius. */
function transmission(aperture: Aperture, x: number, y: number, corner: number): number {
  const distance = Math.hypot(x, y);
  if (distance > corner || distance < aperture.obstruction) return 0;
  if (aperture.blades > 0 && distance > corner * outline(aperture, Math.atan2(y, x))) return 0;
  const { catEye, catEyeAngle, rim } = aperture;
  if (catEye > 0 && Math.hypot(x - catEye * Math.cos(catEyeAngle), y - catEye * Math.sin(catEyeAngle)) > 1)
    return 0;
  return 1 + rim * (2 * Math.min(1, distance) ** 2 - 1);
}

/** Distance of the outline from the centre in the direction `angle`, 1 at a corner. */
function outline({ blades, roundness, rotation }: Aperture, angle: number): number {
  const sector = (2 * Math.PI) / blades;
  const turned = (((angle - rotation) % sector) + sector) % sector;
  const straight = Math.cos(sector / 2) / Math.cos(turned - sector / 2);
  return roundness + (1 - roundness) * straight;
}

/** Distance of a corner in radii that gives the outline the area of the disk. */
function cornerScale(aperture: Aperture): number {
  if (aperture.blades === 0) return 1;
  const steps = 64;
  let area = 0;
  for (let k = 0; k < steps; k++)
    area +=
      outline(aperture, aperture.rotation + ((k + 0.5) / steps) * ((2 * Math.PI) / aperture.blades)) ** 2;
  return Math.sqrt(steps / area);
}
