/** Parameters of the node `motor_driver`. */
import { z } from "zod";
import { lifecycleParameters } from "./lifecycle-parameters.ts";
import { reopenParameters } from "./reopen-parameters.ts";

const atStart = (description: string): { description: string; readOnly: true } => ({
  description,
  readOnly: true,
});

export const motorDriverParameters = z.object({
  ...lifecycleParameters,
  driver: z
    .enum(["simulated", "replay"])
    .default("simulated")
    .meta(atStart("What moves the lens: a simulated motor, or a recorded focal stack.")),
  frame_id: z
    .string()
    .default("camera_optical_frame")
    .meta(atStart("The frame_id of lens/state: the optical frame of the camera.")),
  lens: z
    .string()
    .default("")
    .meta(
      atStart(
        "Lens file: a name in config/lenses or a path. Gives the simulated motor its range (empty: ca378-vcm), and dioptres.",
      ),
    ),
  state_rate: z
    .number()
    .min(1)
    .max(1000)
    .default(20)
    .meta({ description: "lens/state messages a second, at rest and, at most, while moving." }),
  move_timeout: z
    .number()
    .positive()
    .max(600)
    .default(5)
    .meta({ description: "Seconds a movement may take, where the goal does not say." }),
  home_timeout: z
    .number()
    .positive()
    .max(600)
    .default(30)
    .meta({ description: "Seconds lens/home may take." }),
  ...reopenParameters,
  "simulated.start": z
    .number()
    .default(-1)
    .meta(atStart("Steps, where the simulated motor stands at first; -1: the middle of the range.")),
  "simulated.speed": z.number().positive().max(1e6).default(2000).meta(atStart("Steps a second.")),
  "simulated.settling_time": z
    .number()
    .min(0)
    .max(10)
    .default(0.03)
    .meta(atStart("Seconds the simulated lens swings after it arrives.")),
  "simulated.backlash": z
    .number()
    .min(0)
    .max(1000)
    .default(0)
    .meta(atStart("Steps the simulated motor loses when it turns.")),
  "replay.stack": z
    .string()
    .default("")
    .meta(atStart("Folder of a focal stack; the number in the name of a frame is its position.")),
  "replay.speed": z
    .number()
    .positive()
    .max(1e6)
    .default(100)
    .meta(atStart("Frames a second that it passes.")),
});

export type MotorDriverSettings = z.output<typeof motorDriverParameters>;
