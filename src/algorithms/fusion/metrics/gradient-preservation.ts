/**
 * QG: gradient-based fusion performance as published with Liu et al. 2012, "Objective assessment of multiresolution image
 * fusion algorithms for context enhancement in night vision: a comparative study", where most papers on fusion take it
 * from. It is Qabf (Xydeas and Petrovic 2000, edge-preservation.ts) with other constants, and the mean over the picture
 * of the weighted mean of both sources at each pixel instead of one weighted mean over all.
 */
import { expected } from "../../../core/errors.ts";
import type { ImageU8 } from "../../../core/image.ts";
import { checkSameShape } from "../check-frames.ts";
import { sobel, type Edges } from "./sobel.ts";

/** Steepness and centre of the sigmoids of strength and orientation. */
const STRENGTH = { steepness: 10, centre: 0.5 } as const;
const ORIENTATION = { steepness: 20, centre: 0.75 } as const;
/** What stands for no edge at all, for values 0..255. */
const NOTHING = 1e-5;

/**
 * QG of 8-bit gray pictures, 0..1, larger is better.
 * @throws AutofocusError `invalid_input` for colour, `fusion_failed` when the sizes differ.
 */
export function gradientPreservation(a: ImageU8, b: ImageU8, fused: ImageU8): number {
  checkSameShape(a, b);
  checkSameShape(a, fused);
  if (a.channels !== 1) throw expected("invalid_input", "one channel", "the pictures of QG", a.channels);
  const [ofA, ofB, ofF] = [a, b, fused].map((each) =>
    sobel({ ...each, data: Float32Array.from(each.data) }, "zero"),
  ) as [Edges, Edges, Edges];
  let sum = 0;
  for (let i = 0; i < ofF.strength.length; i++) {
    const [wa, wb] = [ofA.strength[i] || NOTHING, ofB.strength[i] || NOTHING];
    sum += (wa * kept(ofA, ofF, i) + wb * kept(ofB, ofF, i)) / (wa + wb);
  }
  return sum / ofF.strength.length;
}

function kept(source: Edges, fused: Edges, i: number): number {
  const [gs, gf] = [source.strength[i] || NOTHING, fused.strength[i] || NOTHING];
  const turn = Math.abs((source.orientation[i] as number) - (fused.orientation[i] as number));
  const orientation = Math.abs(turn - Math.PI / 2) / (Math.PI / 2);
  return sigmoid(Math.min(gs, gf) / Math.max(gs, gf), STRENGTH) * sigmoid(orientation, ORIENTATION);
}

function sigmoid(value: number, { steepness, centre }: { steepness: number; centre: number }): number {
  return 1 / (1 + Math.exp(-steepness * (value - centre)));
}
