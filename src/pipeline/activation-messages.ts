/** A look of the focus strategy as messages: the matrices, an occupancy grid for rviz, the sharpness. */
import type { PatchGrid } from "../algorithms/rois/patch-grid.ts";
import { image } from "../core/image.ts";
import { toImageMessage } from "../ros/image-message.ts";
import { newMessage } from "../ros/message.ts";
import type { ActivationMatrixMsg, ImageMsg, OccupancyGridMsg } from "../ros/messages.ts";
import type { SceneLook } from "./scene-look.ts";

/** Cells of an occupancy grid. */
const CELL = { pending: 100, done: 0, unknown: -1 } as const;

export function activationMessage({ frame, grid, step }: SceneLook): ActivationMatrixMsg {
  return {
    header: frame.message.header,
    rows: grid.rows,
    cols: grid.cols,
    patch_size: grid.size,
    stride: grid.stride,
    offset_x: grid.offsetX,
    offset_y: grid.offsetY,
    deviation: step.deviation,
    confidence: step.confidence,
    in_focus: Uint8Array.from(step.mask, Number),
    activation: Uint8Array.from(step.pending, (pending) => (pending ? 0 : 1)),
    position: frame.position,
    next_position: step.next === "complete" ? frame.position : step.next,
    coverage: step.coverage,
    complete: !step.pending.includes(true) || step.next === "complete",
  };
}

/**
 * The grid in the plane of the picture: row 0 of an OccupancyGrid is its lower edge, so rows are turned over.
 * @param resolution metres that a cell is drawn wide.
 */
export function occupancyMessage({ frame, grid, step }: SceneLook, resolution: number): OccupancyGridMsg {
  const { rows, cols } = grid;
  const data = new Int8Array(rows * cols).map((_, cell) => {
    const patch = (rows - 1 - Math.floor(cell / cols)) * cols + (cell % cols);
    if (step.pending[patch] === true) return CELL.pending;
    return step.activation[patch] === true ? CELL.done : CELL.unknown;
  });
  return newMessage("nav_msgs/msg/OccupancyGrid", {
    header: frame.message.header,
    info: {
      map_load_time: frame.message.header.stamp,
      resolution,
      width: cols,
      height: rows,
      origin: { orientation: { w: 1 } },
    },
    data,
  });
}

/** Optical sharpness of every patch, 0..1, one pixel a patch; NaN where it is not known. */
export function sharpnessMessage({ frame, grid, readings }: SceneLook): ImageMsg {
  const values = Float32Array.from(readings, ({ textured, sharpness }) => (textured ? sharpness : NaN));
  return toImageMessage(picture(grid, values), frame.message.header);
}

function picture({ rows, cols }: PatchGrid, values: Float32Array): ReturnType<typeof image> {
  return image(cols, rows, 1, values);
}
