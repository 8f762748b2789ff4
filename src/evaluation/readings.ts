/** Readings of a whole frame, its patches laid as the searches lay those of a focus window. */
import { summariseReadings, type ReadingSummary } from "../algorithms/rois/summarise-readings.ts";
import { windowPatches } from "../algorithms/rois/window-patches.ts";
import type { DefocusReading } from "../algorithms/search/types.ts";
import type { ImageU8 } from "../core/image.ts";
import type { Networks } from "../pipeline/networks.ts";

export async function readFrame(networks: Networks, gray: ImageU8): Promise<readonly DefocusReading[]> {
  const reader = await networks.defocus();
  const { width, height } = gray;
  return reader.read(gray, windowPatches({ x: 0, y: 0, width, height }, gray));
}

/** Undefined where nothing can be read. */
export async function summariseFrame(networks: Networks, gray: ImageU8): Promise<ReadingSummary | undefined> {
  return summariseReadings(await readFrame(networks, gray));
}
