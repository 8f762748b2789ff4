/** The parameter of every managed node. */
import { z } from "zod";

export const lifecycleParameters = {
  autostart: z.boolean().default(true).meta({
    description:
      "Whether the node configures and activates itself, again and again until it succeeds; false: by ros2 lifecycle set.",
    readOnly: true,
  }),
};
