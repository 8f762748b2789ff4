/**
 * Scenes of things that look like blur: knobs, lamps, coins, screws, holes, rings, buttons and dots, alone or in rows,
 * bright or dark, on plain and on textured grounds. In focus their outline has the very spectrum of a defocused point
 * (paper 1, Eq. 4), so a network that saw few of them reads the size of a knob as its defocus. And their counterpart: night
 * scenes of small lights, whose picture out of focus is that of such things in focus.
 */
import { image, type ImageU8 } from "../core/image.ts";
import { uniform, uniformInt, type Random } from "../core/random.ts";
import { paintShape, type Fill, type Shape } from "./paint-shape.ts";

/** Share of the pictures that are night scenes, unless another is asked for. */
export const NIGHT_SHARE = 0.25;

/** The picture of `ground` with round things on it, or lights at night; `ground` stays as it is. */
export function drawRoundThings(ground: ImageU8, random: Random, nightShare = NIGHT_SHARE): ImageU8 {
  const night = random.next() < nightShare;
  const picture = night ? darkened(ground, random) : flattened(ground, random);
  const groups = night ? 1 : uniformInt(random, 1, 3);
  for (let group = 0; group < groups; group++) paintGroup(picture, night, random);
  return picture;
}

/** With less contrast, often none: then the things are all there is to see. */
function flattened(ground: ImageU8, random: Random): ImageU8 {
  const kind = random.next();
  const contrast = kind < 0.3 ? 0 : kind < 0.7 ? uniform(random, 0, 1) ** 2 : 1;
  const level = uniform(random, 10, 245);
  return mapped(ground, (value) => level * (1 - contrast) + contrast * value);
}

/** So dark that a light is still brighter than the ground when its blur has spread it over a thousand times its area. */
function darkened(ground: ImageU8, random: Random): ImageU8 {
  const share = 0.04 * uniform(random, 0, 1) ** 2;
  return mapped(ground, (value) => share * value);
}

function mapped({ width, height, data }: ImageU8, change: (value: number) => number): ImageU8 {
  return image(
    width,
    height,
    1,
    data.map((value) => Math.round(change(value))),
  );
}

/** Things of one kind and size, in rows or anywhere. */
function paintGroup(picture: ImageU8, lights: boolean, random: Random): void {
  const side = Math.min(picture.width, picture.height);
  const shape = lights ? disk(logUniform(random, 0.6, 6)) : drawShape(side, random);
  const kind = random.next();
  const most = kind < 0.4 ? 1 : kind < 0.75 ? 6 : 60;
  const count = uniformInt(random, lights ? 3 : 1, lights ? 60 : most);
  const fill = drawFill(lights, random);
  const pitch = shape.halfWidth * uniform(random, 2.5, 6);
  const columns = Math.max(1, Math.ceil(Math.sqrt(count)));
  const inRows = !lights && count > 3 && random.next() < 0.5;
  // Few are put near the middle, so that most patches show them.
  const spread = count > 3 ? 1 : 0.4;
  const place = (length: number): number => length * (0.5 + spread * uniform(random, -0.5, 0.5));
  const [left, top] = [place(picture.width), place(picture.height)];
  for (let k = 0; k < count; k++) {
    const x = inRows ? left + pitch * ((k % columns) - columns / 2) : place(picture.width);
    const y = inRows ? top + pitch * (Math.floor(k / columns) - columns / 2) : place(picture.height);
    const own = lights ? { ...fill, value: uniform(random, 60, 255) } : fill;
    paintShape(picture, shape, own, x, y);
  }
}

function disk(radius: number): Shape {
  return { kind: "ellipse", halfWidth: radius, halfHeight: radius, thickness: 0, rotation: 0 };
}

function drawShape(side: number, random: Random): Shape {
  const size = logUniform(random, 4, side / 4);
  const kind = random.next();
  // Most are disks: what looks most like blur is hardest to tell from it.
  if (kind < 0.5) return disk(size);
  const rotation = uniform(random, 0, Math.PI);
  const halfHeight = size * uniform(random, 0.3, 1);
  if (kind < 0.7) return { kind: "ellipse", halfWidth: size, halfHeight, thickness: 0, rotation };
  if (kind < 0.85) {
    const thickness = Math.max(0.7, size * uniform(random, 0.03, 0.3));
    return { kind: "ring", halfWidth: size, halfHeight: size, thickness, rotation };
  }
  const thickness = halfHeight * uniform(random, 0.2, 1);
  return { kind: "rounded", halfWidth: size, halfHeight, thickness, rotation };
}

function drawFill(lights: boolean, random: Random): Fill {
  const kind = random.next();
  const value = kind < 0.4 ? uniform(random, 190, 255) : uniform(random, 0, kind < 0.6 ? 60 : 255);
  const shaded = !lights && random.next() < 0.5;
  return {
    value,
    rim: shaded ? uniform(random, -90, 20) : 0,
    slope: shaded ? uniform(random, -60, 60) : 0,
  };
}

function logUniform(random: Random, low: number, high: number): number {
  return low * (high / low) ** random.next();
}
