/** What the feedback of a focus action says about one measurement: how far the focus is, as far as can be told. */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import type { DefocusReading, Measurement } from "../algorithms/search/types.ts";
import { deviations } from "../algorithms/strategy/deviation.ts";
import { withSign, type PatchMemory } from "../algorithms/strategy/sign.ts";
import type { Steps } from "../core/units.ts";

export interface StepReport {
  /** Estimated Z0 - Z; NaN when not known. */
  readonly deviation: Steps;
  /** Its standard deviation; NaN when not known. */
  readonly deviationStd: Steps;
  /** In-focus positions that this frame allows. */
  readonly candidates: readonly Steps[];
}

const NOTHING: StepReport = { deviation: NaN, deviationStd: NaN, candidates: [] };

/** One for each run: the sign comes from the frames before (Eq. 6). */
export class StepReporter {
  readonly #lens: LensModel | undefined;
  #memory: PatchMemory | undefined;

  constructor(lens: LensModel | undefined) {
    this.#lens = lens;
  }

  report(measurement: Measurement): StepReport {
    if (measurement.kind === "steps") {
      const { position, distance } = measurement;
      return { deviation: NaN, deviationStd: NaN, candidates: [position - distance, position + distance] };
    }
    if (measurement.kind !== "defocus" || this.#lens === undefined) return NOTHING;
    const middle = median(measurement.readings);
    if (middle === undefined) return NOTHING;
    const [patch] = deviations([middle], this.#lens, measurement.position);
    if (patch?.kind !== "read") return NOTHING;
    const first = this.#memory === undefined;
    this.#memory = withSign(patch, this.#memory);
    const isAmbiguous = first && patch.candidates.length > 1;
    const inFocusAt = isAmbiguous ? NaN : (this.#memory?.inFocusAt ?? NaN);
    return {
      deviation: inFocusAt - measurement.position,
      deviationStd: patch.std,
      candidates: patch.candidates,
    };
  }
}

/** The reading in the middle of the textured ones, by radius. */
function median(readings: readonly DefocusReading[]): DefocusReading | undefined {
  const sorted = readings.filter(({ textured }) => textured).sort((a, b) => a.logRadius - b.logRadius);
  return sorted[sorted.length >> 1];
}
