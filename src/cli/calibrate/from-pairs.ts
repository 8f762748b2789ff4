/** `calibrate --focused ... --defocused ...` and `calibrate --pairs`: paper 1, section 3. */
import { fitPairs, type PairsFit } from "../../algorithms/calibration/fit-pairs.ts";
import { median } from "../../algorithms/calibration/median.ts";
import type { Range } from "../../algorithms/optics/lens-model.ts";
import { AutofocusError } from "../../core/errors.ts";
import { lensFileOf } from "../../io/lens-writer.ts";
import { log, print, printJson, Progress } from "../context.ts";
import {
  DOUBTS,
  measurePair,
  pairFigures,
  pairLine,
  type MeasuredPair,
  type PairFiles,
} from "./measure-pair.ts";
import type { PairSettings } from "./measure-pair.ts";
import { lensText, saveLens, type LensOptions } from "./save-lens.ts";

export interface PairsJob extends PairSettings, LensOptions {
  readonly pairs: readonly PairFiles[];
  /** Where the lens moves; between the positions of the pairs where undefined. */
  readonly range: Range | undefined;
  readonly json: boolean;
}

export async function calibrateFromPairs(job: PairsJob): Promise<void> {
  const progress = new Progress("measuring", job.pairs.length);
  const measured: MeasuredPair[] = [];
  for (const pair of job.pairs) {
    measured.push(await measurePair(pair, job));
    progress.advance();
  }
  for (const { defocused, doubt } of measured) if (doubt !== undefined) log(`${defocused}: ${DOUBTS[doubt]}`);
  const fit = job.out === undefined ? undefined : fitted(measured, job);
  if (fit !== undefined) await saveLens(job, fit.text);
  if (job.json) {
    const [first] = measured;
    printJson({
      gamma: job.gamma,
      pairs: measured.map((pair, index) => ({
        ...pairFigures(pair),
        surface: pair.found.surface,
        ...(fit && fitFigures(fit.fit, index)),
      })),
      frame: first?.frame ?? null,
      lens: job.out ?? null,
    });
    return;
  }
  measured.forEach((pair, index) => {
    print(pairLine(pair));
    if (fit?.fit.pairs[index]?.agrees === false) log("  contradicts the other pairs and is left out");
  });
}

function fitFigures(fit: PairsFit, index: number): object {
  const pair = fit.pairs[index];
  return pair === undefined
    ? {}
    : { radius_error_px: pair.radiusError, scale_error: pair.scaleError, agrees: pair.agrees };
}

/** The lens through all pairs, as a file. */
function fitted(
  measured: readonly MeasuredPair[],
  job: PairsJob,
): { readonly fit: PairsFit; readonly text: string } {
  if (measured.every(({ doubt }) => doubt !== undefined))
    throw new AutofocusError(
      "calibration_failed",
      "No pair determines the blur: a lens file would be wrong.",
      {
        cure: "Give pairs that show texture, sharp in the focused frame.",
      },
    );
  const pairs = measured.map(({ z0, z, found }) => {
    if (z0 === undefined || z === undefined)
      throw new AutofocusError("invalid_input", "A lens file needs the focus positions of both frames.", {
        cure: "Give --z0 and --zi.",
      });
    const { radius, scale, confidence } = found;
    return { z0, z, radius, scale, confidence };
  });
  const [first] = measured as readonly [MeasuredPair, ...MeasuredPair[]];
  const other = measured.find(
    ({ frame }) => frame.width !== first.frame.width || frame.height !== first.frame.height,
  );
  if (other !== undefined)
    throw new AutofocusError(
      "invalid_image",
      `${other.focused} is ${other.frame.width}x${other.frame.height}, but ${first.focused} is ${first.frame.width}x${first.frame.height}.`,
      { cure: "All pairs of a lens must have frames of one size." },
    );
  const positions = pairs.flatMap(({ z0, z }) => [z0, z]);
  const range = job.range ?? { min: Math.min(...positions), max: Math.max(...positions) };
  const fit = fitPairs(pairs, range);
  const relative = pairs.map(
    ({ radius }, index) => Math.abs(fit.pairs[index]?.radiusError ?? NaN) / Math.max(1, radius),
  );
  const file = lensFileOf({
    name: job.name,
    description: `Calibrated from ${pairs.length === 1 ? "a pair" : `${pairs.length} pairs`} of frames`,
    scales: fit,
    range,
    frame: first.frame,
    visibleRadius: job.visibleRadius,
    calibration: {
      method: "pairs",
      frames: new Set(measured.flatMap(({ focused, defocused }) => [focused, defocused])).size,
      gamma: job.gamma,
      residual: median(relative),
    },
  });
  return { fit, text: lensText(file) };
}
