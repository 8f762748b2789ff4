/**
 * What things in procedural scenes are covered with: functions of a place on them to linear light. They have detail
 * at all sizes, as natural surfaces have (power spectrum about 1/f^2), and edges and print, which cameras focus on.
 */
import type { Random } from "../../../core/random.ts";
import { uniform, uniformInt } from "../../../core/random.ts";

/** Red, green, blue in linear light, 0..1. */
export type Colour = readonly [number, number, number];

/** Writes the colour at (u, v), in units of its choice, into `out`. */
export type Surface = (u: number, v: number, out: Float32Array) => void;

const LATTICE = 256;

/** Smooth noise between -1 and 1 that varies over a distance of 1. */
export function valueNoise(random: Random): (u: number, v: number) => number {
  const lattice = Float32Array.from({ length: LATTICE * LATTICE }, () => 2 * random.next() - 1);
  const smooth = (t: number): number => t * t * (3 - 2 * t);
  return (u, v) => {
    const column = Math.floor(u);
    const row = Math.floor(v);
    const s = smooth(u - column);
    const t = smooth(v - row);
    const left = column & (LATTICE - 1);
    const right = (column + 1) & (LATTICE - 1);
    const top = (row & (LATTICE - 1)) * LATTICE;
    const bottom = ((row + 1) & (LATTICE - 1)) * LATTICE;
    const above =
      (lattice[top + left] as number) +
      s * ((lattice[top + right] as number) - (lattice[top + left] as number));
    const below =
      (lattice[bottom + left] as number) +
      s * ((lattice[bottom + right] as number) - (lattice[bottom + left] as number));
    return above + t * (below - above);
  };
}

/** Loss of amplitude from octave to octave; 1 would be the spectrum 1/f^2, natural surfaces fall a little faster. */
const PERSISTENCE = 0.8;

/** Octaves of value noise from the size 1 down, about -1 to 1. */
export function fractalNoise(random: Random, octaves: number): (u: number, v: number) => number {
  const noise = valueNoise(random);
  return (u, v) => {
    let sum = 0;
    for (
      let octave = 0, amplitude = 0.5, size = 1;
      octave < octaves;
      octave++, amplitude *= PERSISTENCE, size *= 2
    )
      sum += amplitude * noise(u * size + 17.3 * octave, v * size + 5.1 * octave);
    return sum;
  };
}

/** A muted or lively colour of medium brightness. */
export function drawColour(random: Random, saturation = 0.6): Colour {
  const hue = uniform(random, 0, 6);
  const value = uniform(random, 0.12, 0.75);
  const depth = saturation * uniform(random, 0.2, 1);
  const channel = (offset: number): number => {
    const k = (offset + hue) % 6;
    return value * (1 - depth * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}

/** Plaster, stone, cloth: one colour with fractal shading. `grain` is the size of the largest blotches. */
export function rough(random: Random, colour: Colour, grain: number, contrast = 0.8): Surface {
  const noise = fractalNoise(random, 7);
  return (u, v, out) => {
    const shade = Math.exp(contrast * noise(u / grain, v / grain));
    for (let channel = 0; channel < 3; channel++)
      out[channel] = Math.min(1, (colour[channel] as number) * shade);
  };
}

/** Planks: rough along one direction, with joints. */
export function wood(random: Random, colour: Colour, plank: number): Surface {
  const noise = fractalNoise(random, 7);
  const offsets = Array.from({ length: 64 }, () => uniform(random, 0, 50));
  return (u, v, out) => {
    const board = Math.floor(v / plank);
    const within = v / plank - board;
    const shift = offsets[board & 63] as number;
    const grain = noise(u / (6 * plank) + shift, (v / plank) * 3);
    const tone = 1 + 0.25 * Math.sin(shift);
    const joint = within < 0.03 || Math.abs((u / plank + shift) % 7) < 0.03 ? 0.25 : 1;
    for (let channel = 0; channel < 3; channel++)
      out[channel] = Math.min(1, (colour[channel] as number) * tone * joint * Math.exp(0.9 * grain));
  };
}

/** A surface in squares or bricks with gaps between them. */
export function tiles(
  random: Random,
  face: Surface,
  gap: Colour,
  size: number,
  bond: "square" | "brick",
): Surface {
  const tones = Float32Array.from({ length: 1024 }, () => uniform(random, 0.6, 1.25));
  const height = bond === "brick" ? size / 2.5 : size;
  return (u, v, out) => {
    const row = Math.floor(v / height);
    const shifted = u / size + (bond === "brick" && (row & 1) === 1 ? 0.5 : 0);
    const column = Math.floor(shifted);
    const joint = 0.06 * height;
    if ((shifted - column) * size < joint || v - row * height < joint) {
      out.set(gap);
      return;
    }
    face(u, v, out);
    const tone = tones[(row * 37 + column * 101) & 1023] as number;
    for (let channel = 0; channel < 3; channel++) out[channel] = Math.min(1, (out[channel] as number) * tone);
  };
}

/**
 * A printed page: lines of words made of strokes, with headings, on paper. The strokes have the widths and spacings of
 * letters, not their shapes.
 */
export function print(random: Random, paper: Colour, ink: Colour, line: number): Surface {
  const words = Uint8Array.from({ length: 4096 }, () => uniformInt(random, 0, 255));
  const fibres = fractalNoise(random, 6);
  return (u, v, out) => {
    const row = Math.floor(v / line);
    const y = v / line - row;
    const heading = ((words[(row * 61) & 4095] as number) & 7) === 0;
    const letter = (heading ? 0.9 : 0.45) * line;
    const column = Math.floor(u / letter);
    const x = u / letter - column;
    const glyph = words[(row * 97 + column * 3) & 4095] as number;
    const blank = (glyph & 7) === 0 || ((words[(row * 29) & 4095] as number) & 15) === 1;
    const inked = !blank && y > 0.2 && y < 0.8 && stroke(glyph >> 3, x, (y - 0.2) / 0.6);
    const shade = 1 + 0.12 * fibres((3 * u) / line, (3 * v) / line);
    for (let channel = 0; channel < 3; channel++)
      out[channel] = Math.min(1, (inked ? (ink[channel] as number) : (paper[channel] as number)) * shade);
  };
}

/** Whether (x, y), 0..1 within a letter, lies on one of its up to five strokes. */
function stroke(shape: number, x: number, y: number): boolean {
  const wide = 0.2;
  if (x < 0.1 || x > 0.85) return false;
  if ((shape & 1) !== 0 && x < 0.1 + wide) return true;
  if ((shape & 2) !== 0 && x > 0.85 - wide) return true;
  if ((shape & 4) !== 0 && y < wide) return true;
  if ((shape & 8) !== 0 && y > 1 - wide) return true;
  return (shape & 16) !== 0 && Math.abs(y - 0.5) < wide / 2;
}

/** Leaves, pebbles, confetti: opaque spots of all sizes over one another (the dead leaves model, Lee et al. 2001). */
export function leaves(random: Random, colours: readonly Colour[], size: number): Surface {
  const levels = [0.06, 0.12, 0.25, 0.5, 1].map((share) => {
    const cell = size * share;
    return { cell, seeds: Float32Array.from({ length: 4 * 1024 }, () => random.next()) };
  });
  const shade = fractalNoise(random, 6);
  return (u, v, out) => {
    // Small spots lie on top of large ones; each cell of a level holds one spot.
    for (const { cell, seeds } of levels) {
      const column = Math.floor(u / cell);
      const row = Math.floor(v / cell);
      for (let near = 0; near < 9; near++) {
        const c = column + (near % 3) - 1;
        const r = row + Math.floor(near / 3) - 1;
        const at = 4 * ((c * 73 + r * 151) & 1023);
        if ((seeds[at] as number) < 0.35) continue;
        const dx = u / cell - c - (seeds[at + 1] as number);
        const dy = v / cell - r - (seeds[at + 2] as number);
        const turn = 2 * Math.PI * (seeds[at + 3] as number);
        const along = dx * Math.cos(turn) + dy * Math.sin(turn);
        const across = dy * Math.cos(turn) - dx * Math.sin(turn);
        if ((along / 0.55) ** 2 + (across / 0.3) ** 2 > 1) continue;
        const colour = colours[Math.floor((seeds[at] as number) * 997) % colours.length] as Colour;
        const tone =
          Math.exp(0.7 * shade((4 * u) / cell, (4 * v) / cell)) * (1 - 0.4 * Math.abs(across / 0.3));
        for (let channel = 0; channel < 3; channel++)
          out[channel] = Math.min(1, (colour[channel] as number) * tone);
        return;
      }
    }
    const ground = 0.06 * Math.exp(shade(u / size, v / size));
    out.fill(ground);
  };
}
