/** What the readings so far say of the in-focus position, in words for the feedback of the focus action. */
import type { Steps } from "../../core/units.ts";
import type { LensModel } from "../optics/lens-model.ts";
import { CONFIRMED, confirmation, type FocusPosterior } from "./focus-posterior.ts";
import { massWithin, type Plan } from "./next-position.ts";
import type { DefocusMeasurement } from "./types.ts";

interface Hypothesis {
  /** Where the focus is most likely to be on this side. */
  readonly at: Steps;
  /** Probability that it is on this side. */
  readonly probability: number;
}

/** A side with less is not worth mentioning. */
const WORTH_MENTIONING = 0.05;

/** The likeliest focus below `standing` and above it, leaving out what lies within the depth of field. */
function hypotheses(posterior: FocusPosterior, standing: Steps, depthOfField: Steps): Hypothesis[] {
  const end = posterior.first + posterior.length - 1;
  const sides = [
    { from: posterior.first, to: Math.ceil(standing - depthOfField) - 1 },
    { from: Math.floor(standing + depthOfField) + 1, to: end },
  ];
  return sides.flatMap(({ from, to }) => {
    const probability = posterior.between(from, to);
    if (probability < WORTH_MENTIONING) return [];
    let best = { at: from, mass: -1 };
    for (let at = from; at <= to; at++) {
      const mass = massWithin(posterior, at, depthOfField);
      if (mass > best.mass) best = { at, mass };
    }
    return [{ at: best.at, probability }];
  });
}

/** Why the lens moves to the target of `plan`, one short sentence. */
export function explainMove(
  posterior: FocusPosterior,
  standing: Steps,
  depthOfField: Steps,
  { target, probability }: Plan,
): string {
  const sides = hypotheses(posterior, standing, depthOfField);
  const chance = `in focus there with probability ${probability.toFixed(2)}`;
  const found = sides.map(({ at, probability: side }) => `${at} (${Math.round(100 * side)} %)`).join(" or ");
  if (found === "") return `Focus within the depth of field, best at ${target}; ${chance}.`;
  const aims = sides.some(({ at }) => Math.abs(at - target) <= depthOfField / 2);
  const go = aims ? `go to ${target}` : `go to ${target}, from where they are told apart`;
  return `Focus expected at ${found}; ${go}, ${chance}.`;
}

/** What else there is in the windows of a frame in focus: patches that are read as defocused; empty where there are none. */
export function explainRest(
  lens: LensModel,
  { position, readings }: DefocusMeasurement,
  depthOfField: Steps,
): string {
  const textured = readings.filter((reading) => reading.textured);
  const others = textured.filter(
    (reading) => confirmation(lens, position, [reading], depthOfField) < CONFIRMED,
  ).length;
  return others === 0 ? "" : ` ${others} of ${textured.length} patches lie at another depth.`;
}
