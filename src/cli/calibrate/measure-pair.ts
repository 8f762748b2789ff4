/** One pair of frames as the command `calibrate` measures and reports it. */
import { calibratePair } from "../../algorithms/calibration/pair/calibrate-pair.ts";
import { doubtOf, type PairDoubt } from "../../algorithms/calibration/pair/doubt.ts";
import type { BlurFilter, PairCalibration } from "../../algorithms/calibration/pair/types.ts";
import { AutofocusError } from "../../core/errors.ts";
import type { ImageF32 } from "../../core/image.ts";
import { linearise } from "../../core/native/index.ts";
import type { Roi } from "../../core/roi.ts";
import type { Pixels, Steps } from "../../core/units.ts";
import { readGray } from "../../io/picture.ts";

export interface PairFiles {
  readonly focused: string;
  readonly defocused: string;
  readonly z0: Steps | undefined;
  readonly z: Steps | undefined;
  readonly patch: Roi | undefined;
}

export interface PairSettings {
  readonly gamma: number;
  readonly filter: BlurFilter;
  readonly maxRadius: Pixels | undefined;
}

export interface MeasuredPair extends PairFiles {
  readonly frame: { readonly width: Pixels; readonly height: Pixels };
  readonly found: PairCalibration;
  /** Why it says little, where it does. */
  readonly doubt: Exclude<PairDoubt, "exchanged"> | undefined;
}

/** @throws AutofocusError as `calibratePair`; `calibration_failed` also where the frames are the wrong way round. */
export async function measurePair(
  pair: PairFiles,
  { gamma, filter, maxRadius }: PairSettings,
): Promise<MeasuredPair> {
  const light = async (file: string): Promise<ImageF32> => linearise(await readGray(file), gamma);
  const [focused, defocused] = await Promise.all([light(pair.focused), light(pair.defocused)]);
  const { width, height } = focused;
  const options = {
    filter,
    ...(pair.patch && { patch: pair.patch }),
    ...(maxRadius !== undefined && { maxWidth: filter === "gaussian" ? maxRadius / 2 : maxRadius }),
  };
  const found = await calibratePair(focused, defocused, options);
  const doubt = await doubtOf(found, focused, defocused, options);
  if (doubt === "exchanged")
    throw new AutofocusError(
      "calibration_failed",
      `${pair.focused} is ${pair.defocused} blurred: the frames are the wrong way round.`,
      { cure: "Give the sharp frame as the focused one, and its position with it." },
    );
  return { ...pair, frame: { width, height }, found, doubt };
}

/** What there is to know about a pair that was measured all the same. */
export const DOUBTS: Readonly<Record<Exclude<PairDoubt, "exchanged">, string>> = {
  wider: "the blur may be wider than what was looked for; give a larger patch, or a larger --max-radius",
  undetermined:
    "the blur is hardly determined; choose a patch with more texture that is sharp in the other frame",
};

/** The fields of the JSON document. */
export function pairFigures({ focused, defocused, z0, z, frame, found, doubt }: MeasuredPair): object {
  const { filter, patch, width, radius, widthRange, scale, shift, score, confidence, secondBest } = found;
  return {
    focused,
    defocused,
    z0: z0 ?? null,
    z: z ?? null,
    frame,
    filter,
    patch,
    radius_px: rounded(radius, 3),
    [filter === "disk" ? "radius_before_scaling_px" : "sigma_before_scaling_px"]: rounded(width, 3),
    radius_range_px: widthRange.map((each) => rounded((each * radius) / (width || 1), 3)),
    scale: rounded(scale, 5),
    shift_px: { x: rounded(shift.x, 2), y: rounded(shift.y, 2) },
    score: rounded(score, 6),
    confidence: rounded(confidence, 3),
    doubt: doubt === undefined ? null : DOUBTS[doubt],
    second_best:
      secondBest === undefined
        ? null
        : {
            width_px: rounded(secondBest.width, 3),
            scale: rounded(secondBest.scale, 4),
            score: rounded(secondBest.score, 6),
          },
  };
}

export function pairLine({ focused, defocused, found }: MeasuredPair): string {
  const { radius, widthRange, width, scale, shift, score, confidence } = found;
  const [from, to] = widthRange.map((each) => ((each * radius) / (width || 1)).toFixed(2));
  return (
    `${focused} -> ${defocused}: radius ${radius.toFixed(2)} px (${from ?? ""} to ${to ?? ""}), scale ${scale.toFixed(4)}, ` +
    `shift ${shift.x.toFixed(1)}, ${shift.y.toFixed(1)} px, correlation ${score.toFixed(4)}, confidence ${confidence.toFixed(2)}`
  );
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
