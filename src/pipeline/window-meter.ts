/** What a search asks for, measured on the focus windows of one frame. */
import type { FocusMeasureName } from "../algorithms/focus-measure/names.ts";
import { summariseSharpness } from "../algorithms/rois/summarise-sharpness.ts";
import { windowArea } from "../algorithms/rois/window-area.ts";
import { windowPatches } from "../algorithms/rois/window-patches.ts";
import type { Measurement, MeasurementKind } from "../algorithms/search/types.ts";
import { AutofocusError } from "../core/errors.ts";
import { crop, type ImageU8 } from "../core/image.ts";
import { focusMeasure } from "../core/native/index.ts";
import type { Roi } from "../core/roi.ts";
import type { Steps } from "../core/units.ts";
import type { Networks } from "./networks.ts";

/** Side of the patch that the paper's networks read, px. */
const PAPER_PATCH = 512;

/**
 * Several windows are measured as one: their patches and cells are read together, their focus measures added, and the paper's
 * networks read around the middle of the first.
 * @param gray camera values after gamma.
 * @param position where the lens stood.
 * @param beside contrast measure wanted beside the defocus.
 * @throws AutofocusError `invalid_input` for a window outside the frame, `invalid_image` for a frame too small, and
 *   what the networks throw.
 */
export async function measureWindows(
  kind: MeasurementKind,
  gray: ImageU8,
  windows: readonly Roi[],
  position: Steps,
  networks: Networks,
  beside?: FocusMeasureName,
): Promise<Measurement> {
  if (kind === "defocus") {
    const reader = await networks.defocus();
    const patches = windows.flatMap((window) => windowPatches(window, gray));
    const readings = await reader.read(gray, patches);
    if (beside === undefined) return { kind, position, readings };
    return { kind, position, readings, contrast: await contrast(beside, gray, windows) };
  }
  if (kind === "sharpness") {
    const reader = await networks.sharpness();
    const maps = await Promise.all(windows.map((window) => reader.map(crop(gray, windowArea(window, gray)))));
    return { kind, position, sharpness: summariseSharpness(maps) };
  }
  if (kind === "steps") {
    const reader = await networks.steps();
    return { kind, position, ...(await reader.read(gray, paperPatch(windows, gray))) };
  }
  return { kind, position, value: await contrast(kind, gray, windows) };
}

async function contrast(name: FocusMeasureName, gray: ImageU8, windows: readonly Roi[]): Promise<number> {
  const values = await Promise.all(windows.map((window) => focusMeasure(name, gray, window)));
  return values.reduce((sum, value) => sum + value, 0);
}

function paperPatch(windows: readonly Roi[], { width, height }: ImageU8): Roi {
  if (Math.min(width, height) < PAPER_PATCH)
    throw new AutofocusError("invalid_image", `The paper's networks read ${PAPER_PATCH}x${PAPER_PATCH} px.`, {
      cure: "Use another search, or larger frames.",
      context: { width, height },
    });
  const { x, y, width: w, height: h } = windows[0] ?? { x: 0, y: 0, width, height };
  const start = (middle: number, side: number): number =>
    Math.min(side - PAPER_PATCH, Math.max(0, Math.round(middle - PAPER_PATCH / 2)));
  return { x: start(x + w / 2, width), y: start(y + h / 2, height), width: PAPER_PATCH, height: PAPER_PATCH };
}
