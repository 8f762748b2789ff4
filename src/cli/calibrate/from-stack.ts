/** `calibrate --stack`: a lens from the frames of a sweep, without a target. */
import { expected } from "../../core/errors.ts";
import { toGray } from "../../core/native/index.ts";
import type { Steps } from "../../core/units.ts";
import { openStack } from "../../drivers/replay/focal-stack.ts";
import { DefocusEstimator } from "../../inference/defocus-estimator.ts";
import { toEightBit } from "../../io/picture.ts";
import { SweepCalibration } from "../../pipeline/sweep-calibration.ts";
import { Progress } from "../context.ts";
import { reportSweep } from "./report-sweep.ts";
import type { LensOptions } from "./save-lens.ts";

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
    await reportSweep(sweep.finish(), { ...job, source: job.folder, frames: order.length });
  } finally {
    await estimator.dispose();
  }
}
