/**
 * The contrast of every block over the positions of a scan, and where it peaks: what the scanning planners know of a scene.
 * Blocks whose contrast hardly changes have no texture; they ask for nothing.
 */
import { expected } from "../../core/errors.ts";
import type { Steps } from "../../core/units.ts";
import type { PlannerLook } from "./types.ts";

/** Least ratio of the largest and the smallest contrast of a block with texture: noise alone stays below it. */
const LEAST_CHANGE = 1.5;

interface Sample {
  readonly position: Steps;
  readonly contrast: number;
}

export class ContrastCurves {
  /** One a look, in the order taken. */
  readonly #looks: { readonly position: Steps; readonly contrast: readonly number[] }[] = [];

  /** @throws AutofocusError `invalid_input` for a look that is none at the contrast. */
  add(look: PlannerLook): void {
    if (look.kind !== "contrast")
      throw expected("invalid_input", "a look at the contrast", "the planner", look.kind);
    this.#looks.push(look);
  }

  /** The curve of each block with texture, by position. */
  textured(): readonly (readonly Sample[])[] {
    const blocks = this.#looks[0]?.contrast.length ?? 0;
    const sorted = [...this.#looks].sort((a, b) => a.position - b.position);
    return Array.from({ length: blocks }, (_, block) =>
      sorted.map(({ position, contrast }) => ({ position, contrast: contrast[block] ?? 0 })),
    ).filter((curve) => {
      const values = curve.map(({ contrast }) => contrast);
      return Math.max(...values) > LEAST_CHANGE * Math.min(...values);
    });
  }
}

/** The position of the peak: of the parabola through the logarithms of the largest value and its neighbours. */
export function peakOf(curve: readonly Sample[]): Steps {
  const top = curve.reduce(
    (best, each, index) => (each.contrast > (curve[best] as Sample).contrast ? index : best),
    0,
  );
  const [before, peak, after] = [curve[top - 1], curve[top] as Sample, curve[top + 1]];
  if (before === undefined || after === undefined) return peak.position;
  const [x1, x2] = [before.position - peak.position, after.position - peak.position];
  const [y1, y2] = [before, after].map(({ contrast }) => Math.log(contrast / peak.contrast)) as [
    number,
    number,
  ];
  // y = a x^2 + b x through (x1, y1), (0, 0), (x2, y2).
  const curvature = (y1 / x1 - y2 / x2) / (x1 - x2);
  const slope = y1 / x1 - curvature * x1;
  const at = curvature < 0 ? -slope / (2 * curvature) : 0;
  return peak.position + Math.min(x2, Math.max(x1, at));
}

/** The stretch around the largest value in which the curve, linear between its points, exceeds `share` of it. */
export function stretchAbove(
  curve: readonly Sample[],
  share: number,
): { readonly low: Steps; readonly high: Steps } {
  const top = curve.reduce(
    (best, each, index) => (each.contrast > (curve[best] as Sample).contrast ? index : best),
    0,
  );
  const level = share * (curve[top] as Sample).contrast;
  const end = (direction: 1 | -1): Steps => {
    for (let index = top; ; index += direction) {
      const [inside, outside] = [curve[index] as Sample, curve[index + direction]];
      if (outside === undefined) return inside.position;
      if (outside.contrast >= level) continue;
      const part = (inside.contrast - level) / (inside.contrast - outside.contrast);
      return inside.position + part * (outside.position - inside.position);
    }
  };
  return { low: end(-1), high: end(1) };
}
