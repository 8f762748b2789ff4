/**
 * Qabf: how much of the edges of two source pictures a fused picture keeps (Xydeas and Petrovic 2000,
 * "Objective image fusion performance measure", Electronics Letters 36(4)). Strength and orientation come from Sobel
 * filters; what is kept of either passes a sigmoid; pixels count by their edge strength in the source.
 */
import { expected } from "../../../core/errors.ts";
import type { ImageF32 } from "../../../core/image.ts";
import { checkSameShape } from "../check-frames.ts";
import { sobel, type Edges } from "./sobel.ts";

/** The constants of the publication: gain, steepness and centre of the sigmoids. */
const STRENGTH = { gain: 0.9994, steepness: -15, centre: 0.5 } as const;
const ORIENTATION = { gain: 0.9879, steepness: -22, centre: 0.8 } as const;

/**
 * Qabf of gray pictures, 0..1, larger is better; 0 when the sources have no edges at all.
 * @throws AutofocusError `invalid_input` for colour, `fusion_failed` when the sizes differ.
 */
export function edgePreservation(a: ImageF32, b: ImageF32, fused: ImageF32): number {
  checkSameShape(a, b);
  checkSameShape(a, fused);
  if (a.channels !== 1) throw expected("invalid_input", "one channel", "the pictures of Qabf", a.channels);
  const edgesF = sobel(fused, "nearest");
  let kept = 0;
  let total = 0;
  for (const source of [sobel(a, "nearest"), sobel(b, "nearest")]) {
    for (let i = 0; i < source.strength.length; i++) {
      const weight = source.strength[i] as number;
      if (weight === 0) continue;
      kept += weight * keptOf(source, edgesF, i);
      total += weight;
    }
  }
  return total === 0 ? 0 : kept / total;
}

/** Eq. 5-8 of the publication at one pixel. */
function keptOf(source: Edges, fused: Edges, i: number): number {
  const gs = source.strength[i] as number;
  const gf = fused.strength[i] as number;
  const strength = gs > gf ? gf / gs : gs / gf;
  const turn = Math.abs((source.orientation[i] as number) - (fused.orientation[i] as number));
  const orientation = Math.abs(turn - Math.PI / 2) / (Math.PI / 2);
  return sigmoid(strength, STRENGTH) * sigmoid(orientation, ORIENTATION);
}

function sigmoid(value: number, { gain, steepness, centre }: typeof STRENGTH | typeof ORIENTATION): number {
  return gain / (1 + Math.exp(steepness * (value - centre)));
}
