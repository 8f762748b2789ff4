/** `calibrate --stack`: a lens from the frames of a sweep, without a target. */
import { expected } from "../../core/errors.ts";
import { toGray } from "../../core/native/index.ts";
import type { Steps } from "../../core/units.ts";
import { openStack } from "../../drivers/replay/focal-stack.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { lensFileOf } from "../../io/lens-writer.ts";
import { toEightBit } from "../../io/picture.ts";
import { SweepCalibration, type SweepResult } from "../../pipeline/sweep-calibration.ts";
import { print, printJson, Progress } from "../context.ts";
import { lensText, saveLens, type LensOptions } from "./save-lens.ts";

export interface StackJob extends LensOptions {
  readonly folder: string;
  /** Focus position of each frame, in the order of their numbers; the numbers themselves where undefined. */
  readonly positions: readonly Steps[] | undefined;
  readonly json: boolean;
}

export async function calibrateFromStack(job: StackJob): Promise<void> {
  const stack = await openStack(job.folder);
  const positions = job.positions ?? stack.positions;
  if (positions.length !== stack.positions.length)
    throw expected(
      "invalid_input",
      `${stack.positions.length} numbers, one a frame`,
      "--positions",
      positions.length,
    );
  const estimator = await DefocusEstimator.load();
  const order = positions
    .map((_, index) => index)
    .sort((a, b) => (positions[a] as Steps) - (positions[b] as Steps));
  const progress = new Progress("reading", order.length);
  try {
    const sweep = new SweepCalibration(estimator, order.length);
    for (const index of order) {
      const gray = await toGray(toEightBit(await stack.read(stack.positions[index] as Steps)));
      await sweep.add(positions[index] as Steps, gray);
      progress.advance();
    }
    await finish(sweep.finish(), job, order.length);
  } finally {
    await estimator.dispose();
  }
}

async function finish(result: SweepResult, job: StackJob, frames: number): Promise<void> {
  const { scales, fit, windows, frame } = result;
  const used = fit.windows.filter((each) => each?.used === true).length;
  const { positions } = scales.defocus;
  const range = { min: positions[0] as Steps, max: positions.at(-1) as Steps };
  const text = lensText(
    lensFileOf({
      name: job.name,
      description: "Calibrated from a sweep",
      scales,
      range,
      frame,
      visibleRadius: job.visibleRadius,
      calibration: { method: "sweep", frames, windows: used, residual: fit.residual },
    }),
  );
  await saveLens(job, text);
  const ends = { radius: scales.defocus.at(range.max), scale: Math.exp(scales.breathing.at(range.max)) };
  if (job.json)
    printJson({
      stack: job.folder,
      frames,
      frame,
      range,
      residual: fit.residual,
      radius_over_range_px: ends.radius,
      scale_over_range: ends.scale,
      windows: windows.map((window, index) => ({ ...window, ...windowFigures(fit.windows[index]) })),
      lens: job.out ?? null,
    });
  else if (job.out === undefined) print(text.trimEnd());
  else
    print(
      `${job.out}: ${used} of ${windows.length} windows agree, to ${(100 * fit.residual).toFixed(0)} %; over the range the ` +
        `radius changes by ${ends.radius.toFixed(1)} px and the magnification by ${ends.scale.toFixed(4)}`,
    );
}

function windowFigures(window: SweepResult["fit"]["windows"][number]): object {
  if (window === undefined) return { read: false };
  const { focus = null, floor, residual, used } = window;
  return { read: true, used, focus, floor_px: floor, residual };
}
