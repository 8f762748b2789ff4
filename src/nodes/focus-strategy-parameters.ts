/** Parameters of the node `focus_strategy`. */
import { z } from "zod";
import { PLANNERS } from "../algorithms/strategy/activation.ts";
import { lensParameters } from "./lens-parameters.ts";
import { lifecycleParameters } from "./lifecycle-parameters.ts";

export const focusStrategyParameters = z.object({
  ...lifecycleParameters,
  ...lensParameters,
  lens: lensParameters.lens.default("evetar-25mm"),
  enabled: z.boolean().default(false).meta({
    description:
      "Whether the focus trajectory for video runs from the start; later by focus_strategy/enable.",
    readOnly: true,
  }),
  memory: z.number().int().min(-1).max(100).default(1).meta({
    description:
      "Video: frames before this one whose in-focus regions still count as done (k of Algorithm 2); 0: greedy; -1: by the measured motion.",
  }),
  planner: z.enum(PLANNERS).default("histogram").meta({
    description:
      "Video: where to look next. histogram: the fullest bin of the pending patches, as in the paper; age: where what has waited longest comes into focus, which also visits what is small.",
  }),
  patch_size: z.number().int().min(0).max(4096).default(0).meta({
    description:
      "Side of a patch, px; 0: the smallest that the network reads and that holds the largest blur of the lens.",
  }),
  stride: z.number().int().min(0).max(4096).default(0).meta({
    description: "Distance between patches, px; 0: half a patch, for captures down to a quarter.",
  }),
  max_frames: z.number().int().min(1).max(1000).default(30).meta({
    description: "Frames that a capture may take.",
  }),
  max_travel: z.number().min(0).default(0).meta({
    description: "Steps that a capture may move the lens; 0: any.",
  }),
  timeout: z
    .number()
    .positive()
    .max(3600)
    .default(60)
    .meta({ description: "Seconds that a capture may take." }),
  frame_timeout: z.number().positive().max(600).default(2).meta({
    description: "Seconds to wait for a frame taken with the lens at rest.",
  }),
  lens_timeout: z.number().positive().max(600).default(10).meta({
    description: "Seconds to wait for the lens to arrive.",
  }),
  grid_resolution: z.number().positive().max(1000).default(0.1).meta({
    description: "Metres that a patch is wide in focus_strategy/activation_grid.",
  }),
});
