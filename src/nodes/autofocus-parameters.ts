/** Parameters of the node `autofocus`. */
import { z } from "zod";
import { FOCUS_MEASURES } from "../algorithms/focus-measure/names.ts";
import { SEARCH_NAMES } from "../algorithms/search/names.ts";
import { lensParameters } from "./lens-parameters.ts";
import { lifecycleParameters } from "./lifecycle-parameters.ts";

export const autofocusParameters = z.object({
  ...lifecycleParameters,
  mode: z.enum(["manual", "auto", "continuous"]).default("auto").meta({
    description:
      "manual: goals are refused; auto: focuses by the action autofocus/focus; continuous: also by itself whenever the windows go out of focus.",
  }),
  pause: z.enum(["running", "immediate", "deferred"]).default("running").meta({
    description:
      "Pauses continuous focusing: immediate ends a search that it runs, deferred lets it end; actions still run.",
  }),
  search: z
    .enum(["", ...SEARCH_NAMES])
    .default("")
    .meta({ description: "How to focus; empty: learned with a lens model, coarse-fine without." }),
  focus_measure: z
    .enum(FOCUS_MEASURES)
    .default("tenengrad")
    .meta({ description: "What the contrast searches maximise." }),
  ...lensParameters,
  depth_of_field: z.number().min(0).default(0).meta({
    description:
      "Steps, half-width of the depth of field; 0: that of the lens model, or a fiftieth of the range.",
  }),
  windows: z
    .array(z.number().int().min(0))
    .refine((numbers) => numbers.length % 4 === 0, "x, y, width, height for each window")
    .default([])
    .meta({
      description: "Focus windows, px of image_raw: x, y, width, height of each; empty: the central half.",
    }),
  window_policy: z.enum(["merge", "nearest", "farthest"]).default("merge").meta({
    description: "Several windows: read as one, or focused in turn to end on the nearest or farthest.",
  }),
  max_captures: z.number().int().min(1).max(10000).default(200).meta({
    description: "Frames a search may look at.",
  }),
  timeout: z.number().positive().max(3600).default(30).meta({ description: "Seconds a focus run may take." }),
  frame_timeout: z.number().positive().max(600).default(2).meta({
    description: "Seconds to wait for a frame taken with the lens at rest.",
  }),
  lens_timeout: z.number().positive().max(600).default(10).meta({
    description: "Seconds to wait for the lens to arrive.",
  }),
  seed: z.number().int().min(0).max(4294967295).default(1).meta({
    description: "Of the randomness that some searches use.",
  }),
  monitor_period: z.number().min(0).max(60).default(0.2).meta({
    description: "Continuous: least seconds between two looks at the windows.",
  }),
  refocus_frames: z.number().int().min(1).max(1000).default(3).meta({
    description: "Continuous: looks in a row that must find the windows out of focus.",
  }),
  refocus_drop: z.number().min(0.01).max(0.99).default(0.3).meta({
    description: "Continuous, without a lens model: share by which the contrast must have fallen.",
  }),
  retry_period: z.number().min(0).max(3600).default(5).meta({
    description: "Continuous: seconds to wait after a search that failed.",
  }),
  yield_period: z.number().min(0).max(3600).default(2).meta({
    description: "Continuous: seconds to leave the lens alone after somebody else moved it.",
  }),
});
