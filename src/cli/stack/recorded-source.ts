/**
 * `stack --stack`: a recorded focal stack as a camera whose lens goes to the nearest frame there is. Without a lens file
 * the lens is measured from the stack itself, for which every frame is read once; what a planner then asks for is what it
 * would have asked for on that camera.
 */
import type { LensModel } from "../../algorithms/optics/lens-model.ts";
import { AutofocusError, toAutofocusError } from "../../core/errors.ts";
import { toGray } from "../../core/native/index.ts";
import type { Steps } from "../../core/units.ts";
import type { FocalStack } from "../../drivers/replay/focal-stack.ts";
import { parseLens } from "../../io/lens-file.ts";
import { formatLens, lensFileOf } from "../../io/lens-writer.ts";
import { toEightBit } from "../../io/picture.ts";
import type { DefocusReader } from "../../pipeline/networks.ts";
import type { PlanCamera } from "../../pipeline/plan-capture.ts";
import { SweepCalibration } from "../../pipeline/sweep-calibration.ts";
import { stackLens } from "./stack-lens.ts";

/** Radius of a disk that is not seen, px; it makes the depth of field of a lens measured from its stack. */
const VISIBLE_RADIUS = 1;

/** Less than this of the distance of two frames is never the depth of field: there is no frame in between. */
const LEAST_DEPTH_OF_FIELD: Steps = 0.5;

/** @param start where the lens stands; the middle frame by default. */
export function recordedCamera(stack: FocalStack, lens: LensModel, start?: Steps): PlanCamera {
  const [first, last] = [stack.positions[0] as Steps, stack.positions.at(-1) as Steps];
  return {
    lens: framed(lens, stack),
    start: stack.nearest(start ?? (first + last) / 2),
    take: async (wanted) => {
      const position = stack.nearest(wanted);
      return { position, picture: await stack.read(position) };
    },
  };
}

/**
 * The lens that took the stack, as its frames tell.
 * @throws AutofocusError `no_texture`, `calibration_failed` where they do not, and what reading throws.
 */
export async function lensOfStack(
  stack: FocalStack,
  reader: DefocusReader,
  onFrame: () => void,
): Promise<LensModel> {
  const sweep = new SweepCalibration(reader, stack.positions.length);
  for (const position of stack.positions) {
    await sweep.add(position, await toGray(toEightBit(await stack.read(position))));
    onFrame();
  }
  const { scales, fit, frame } = fitted(sweep);
  const { positions } = scales.defocus;
  const file = lensFileOf({
    name: "measured from the stack",
    description: "Calibrated from the stack itself",
    scales,
    range: { min: positions[0] as Steps, max: positions.at(-1) as Steps },
    frame,
    visibleRadius: VISIBLE_RADIUS,
    calibration: {
      method: "sweep",
      frames: stack.positions.length,
      windows: fit.windows.filter((each) => each?.used === true).length,
      residual: fit.residual,
    },
  });
  return parseLens(formatLens(file), "the stack");
}

/** @throws AutofocusError with the code of the fit, and with what can be done with a stack that is what it is. */
function fitted(sweep: SweepCalibration): ReturnType<SweepCalibration["finish"]> {
  try {
    return sweep.finish();
  } catch (cause) {
    const { code, message } = toAutofocusError(cause);
    throw new AutofocusError(code, `The stack does not tell its lens. ${message}`, {
      cure: "Name its lens with --lens, or fuse all of the stack, which needs no lens: intelligent-autofocus fuse.",
      cause,
    });
  }
}

/** The lens within the frames there are, for their size, and with a depth of field that reaches half way to the next. */
function framed(lens: LensModel, stack: FocalStack): LensModel {
  const [min, max] = [stack.positions[0] as Steps, stack.positions.at(-1) as Steps];
  const sized = stackLens(lens, stack);
  return {
    name: lens.name,
    range: { min, max },
    frame: { width: stack.width, height: stack.height },
    radius: (z0, z) => sized.radius(z0, z),
    scale: (z0, z) => sized.scale(z0, z),
    candidates: (radius, z) => sized.candidates(radius, z).filter((each) => each >= min && each <= max),
    depthOfField: (z) => Math.max(LEAST_DEPTH_OF_FIELD, sized.depthOfField(z)),
    dioptres: (z0) => sized.dioptres(z0),
    resized: (factor) => sized.resized(factor),
  };
}
