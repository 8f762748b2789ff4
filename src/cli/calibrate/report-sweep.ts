/** A lens found by a sweep: its file, and what is said of it. */
import type { Steps } from "../../core/units.ts";
import type { LensFile } from "../../io/lens-schema.ts";
import { lensFileOf } from "../../io/lens-writer.ts";
import type { SweepResult } from "../../pipeline/sweep-calibration.ts";
import { print, printJson } from "../context.ts";
import { lensText, saveLens, type LensOptions } from "./save-lens.ts";

export interface SweepReport extends LensOptions {
  /** The folder or the camera. */
  readonly source: string;
  readonly frames: number;
  readonly json: boolean;
  /** What a sweep by the device itself found beside the scales. */
  readonly device?: Pick<NonNullable<LensFile["calibration"]>, "backlash" | "settlingTime">;
}

/** Writes the lens file, if one is asked for, and prints it or a summary. @throws AutofocusError `io`. */
export async function reportSweep(result: SweepResult, report: SweepReport): Promise<void> {
  const { scales, fit, windows, frame } = result;
  const { source, frames, out, device } = report;
  const used = fit.windows.filter((each) => each?.used === true).length;
  const { positions } = scales.defocus;
  const range = { min: positions[0] as Steps, max: positions.at(-1) as Steps };
  const text = lensText(
    lensFileOf({
      name: report.name,
      description: "Calibrated from a sweep",
      scales,
      range,
      frame,
      visibleRadius: report.visibleRadius,
      softness: fit.softness,
      calibration: { method: "sweep", frames, windows: used, residual: fit.residual, ...device },
    }),
  );
  await saveLens(report, text);
  const radius = scales.defocus.at(range.max);
  const scale = Math.exp(scales.breathing.at(range.max));
  if (report.json) {
    printJson({
      source,
      frames,
      frame,
      range,
      residual: fit.residual,
      radius_over_range_px: radius,
      scale_over_range: scale,
      ...(device && { backlash: device.backlash, settling_time_ms: device.settlingTime }),
      windows: windows.map((window, index) => ({ ...window, ...windowFigures(fit.windows[index]) })),
      lens: out ?? null,
    });
  } else if (out === undefined) print(text.trimEnd());
  else {
    print(
      `${out}: ${used} of ${windows.length} windows agree, to ${(100 * fit.residual).toFixed(0)} %; over the range the ` +
        `radius changes by ${radius.toFixed(1)} px and the magnification by ${scale.toFixed(4)}`,
    );
    if (device !== undefined)
      print(
        `backlash ${(device.backlash ?? 0).toFixed(1)} steps, settling ${(device.settlingTime ?? 0).toFixed(0)} ms after the driver says that the lens has come to rest`,
      );
  }
}

function windowFigures(window: SweepResult["fit"]["windows"][number]): object {
  if (window === undefined) return { read: false };
  const { focus = null, softness, residual, used } = window;
  return { read: true, used, focus, softness_px: softness, residual };
}
