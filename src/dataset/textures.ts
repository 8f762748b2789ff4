/** Scenes that need no photograph: noise with a natural spectrum, leaves (dead leaves model), bars, and blank walls. */
import { image, type ImageU8 } from "../core/image.ts";
import { uniform, uniformInt, type Random } from "../core/random.ts";

export const TEXTURE_KINDS = ["fractal", "leaves", "bars", "blank"] as const;
export type TextureKind = (typeof TEXTURE_KINDS)[number];

/** A gray picture of `side` x `side` camera values. */
export function drawTexture(kind: TextureKind, side: number, random: Random): ImageU8 {
  const data = new Uint8Array(side * side);
  PAINTERS[kind](data, side, random);
  return image(side, side, 1, data);
}

const PAINTERS: Record<TextureKind, (data: Uint8Array, side: number, random: Random) => void> = {
  fractal: paintFractal,
  leaves: paintLeaves,
  bars: paintBars,
  blank: (data, _side, random) => data.fill(uniformInt(random, 20, 235)),
};

/** Octaves of interpolated value noise, amplitude falling with frequency as in natural pictures. */
function paintFractal(data: Uint8Array, side: number, random: Random): void {
  const sum = new Float32Array(side * side);
  const fall = uniform(random, 0.65, 0.95);
  let amplitude = uniform(random, 40, 90);
  for (let cells = 4; cells <= side; cells *= 2, amplitude *= fall) {
    const lattice = Float32Array.from({ length: (cells + 1) ** 2 }, () => amplitude * (random.next() - 0.5));
    for (let y = 0; y < side; y++) {
      const v = (y * cells) / side;
      const row = Math.floor(v);
      for (let x = 0; x < side; x++) {
        const u = (x * cells) / side;
        const column = Math.floor(u);
        const at = row * (cells + 1) + column;
        const top = lattice[at]! + (u - column) * (lattice[at + 1]! - lattice[at]!);
        const below = at + cells + 1;
        const bottom = lattice[below]! + (u - column) * (lattice[below + 1]! - lattice[below]!);
        sum[y * side + x]! += top + (v - row) * (bottom - top);
      }
    }
  }
  for (let k = 0; k < data.length; k++) data[k] = clamp(128 + 2 * sum[k]!);
}

/** Opaque disks and rectangles over one another, sizes by a power law (Lee, Mumford and Huang 2001). */
function paintLeaves(data: Uint8Array, side: number, random: Random): void {
  data.fill(uniformInt(random, 0, 255));
  const smallest = uniform(random, 2, 8);
  for (let leaf = 0; leaf < 3000; leaf++) {
    const radius = Math.min(side / 4, smallest / Math.sqrt(1 - random.next()));
    const stretch = uniform(random, 0.4, 1);
    const round = random.next() < 0.6;
    const value = uniformInt(random, 0, 255);
    const cx = uniform(random, 0, side);
    const cy = uniform(random, 0, side);
    const bottom = Math.min(side - 1, Math.floor(cy + radius));
    for (let y = Math.max(0, Math.ceil(cy - radius)); y <= bottom; y++) {
      const t = (y - cy) / radius;
      const half = radius * stretch * (round ? Math.sqrt(Math.max(0, 1 - t * t)) : 1);
      const from = Math.max(0, Math.ceil(cx - half));
      const to = Math.min(side, Math.floor(cx + half) + 1);
      if (from < to) data.fill(value, y * side + from, y * side + to);
    }
  }
}

/** Stripes of random widths, like print, blinds and books. */
function paintBars(data: Uint8Array, side: number, random: Random): void {
  const slant = uniform(random, -0.5, 0.5);
  const widest = uniform(random, 6, 60);
  const length = Math.ceil(side * (1 + Math.abs(slant))) + 1;
  const profile = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const width = uniformInt(random, 2, Math.ceil(widest));
    profile.fill(uniformInt(random, 0, 255), at, Math.min(length, at + width));
    at += width;
  }
  const lift = Math.max(0, -slant) * side;
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) data[y * side + x] = profile[Math.floor(x + lift + slant * y)]!;
}

function clamp(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}
