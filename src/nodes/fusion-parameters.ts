/** Parameters of the node `fusion`. */
import { z } from "zod";
import { lensParameters } from "./lens-parameters.ts";
import { lifecycleParameters } from "./lifecycle-parameters.ts";

export const fusionParameters = z.object({
  ...lifecycleParameters,
  ...lensParameters,
  lens: lensParameters.lens.default("evetar-25mm"),
  method: z.enum(["video", "stack"]).default("video").meta({
    description:
      "video: every frame taken with the lens at rest refines the picture, what moves is replaced; stack: the frames of a still scene that focus_strategy looks at are fused once it has seen everything.",
    readOnly: true,
  }),
  jpeg_quality: z
    .int()
    .min(1)
    .max(100)
    .default(90)
    .meta({ description: "Of all_in_focus/image/compressed." }),
});
