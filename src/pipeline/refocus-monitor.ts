/**
 * When continuous autofocus focuses again: after several frames in a row that say the windows are out of focus.
 *
 * With a lens model a frame says so when most of its readable patches lie outside the depth of field by half of it (the
 * half keeps a picture at the edge from being focused again and again); a frame without readable patches says nothing.
 * Without one, when the contrast has fallen by a share of the largest since the last focusing; as contrast depends on
 * the scene, a new scene that happens to be as contrasty goes unnoticed.
 */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { Measurement } from "../algorithms/search/types.ts";
import { deviations } from "../algorithms/strategy/deviation.ts";
import type { Steps } from "../core/units.ts";

export interface RefocusRules {
  /** Frames in a row. */
  readonly frames: number;
  /** Share by which the contrast must have fallen, 0..1. */
  readonly contrastDrop: number;
}

/** In depths of field. */
const TOLERANCE = 1.5;

export class RefocusMonitor {
  #reference = 0;
  #count = 0;

  /** To be called when the lens was focused anew. */
  reset(): void {
    this.#reference = 0;
    this.#count = 0;
  }

  /** Takes in a frame; true when it is time to focus. */
  see(measurement: Measurement, lens: LensModel | undefined, rules: RefocusRules): boolean {
    const out = this.#isOut(measurement, lens, rules);
    if (out !== undefined) this.#count = out ? this.#count + 1 : 0;
    return this.#count >= rules.frames;
  }

  #isOut(measurement: Measurement, lens: LensModel | undefined, rules: RefocusRules): boolean | undefined {
    if (measurement.kind === "defocus" && lens !== undefined) {
      const { readings, position } = measurement;
      const known = deviations(readings, lens, position).filter(({ kind }) => kind !== "unknown");
      if (known.length === 0) return undefined;
      const limit: Steps = TOLERANCE * lens.depthOfField(position);
      const out = known.filter(
        (each) => each.kind !== "read" || each.candidates.every((z0) => Math.abs(z0 - position) > limit),
      );
      return out.length > known.length / 2;
    }
    if (!("value" in measurement)) return undefined;
    this.#reference = Math.max(this.#reference, measurement.value);
    return measurement.value < (1 - rules.contrastDrop) * this.#reference;
  }
}
