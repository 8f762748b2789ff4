/** Parameters of the node `camera_driver`. */
import { z } from "zod";
import { lensParameters } from "./lens-parameters.ts";
import { lifecycleParameters } from "./lifecycle-parameters.ts";
import { reopenParameters } from "./reopen-parameters.ts";

const atStart = (description: string): { description: string; readOnly: true } => ({
  description,
  readOnly: true,
});

export const cameraDriverParameters = z.object({
  ...lifecycleParameters,
  driver: z
    .enum(["simulated", "replay", "topic"])
    .default("simulated")
    .meta(
      atStart(
        "Where frames come from: a simulated camera, a recorded focal stack, or the image topic of another node.",
      ),
    ),
  frame_id: z
    .string()
    .default("camera_optical_frame")
    .meta(atStart("The optical frame of the camera (tf2), in the header of every picture.")),
  frame_rate: z.number().min(0.1).max(1000).default(30).meta(atStart("Frames a second.")),
  exposure: z.number().min(0).max(10).default(0.008).meta(atStart("Seconds.")),
  frame_timeout: z.number().min(0.05).max(600).default(5).meta({
    description: "Seconds without a frame after which the camera counts as stopped and is opened again.",
  }),
  ...reopenParameters,
  jpeg_quality: z.int().min(1).max(100).default(90).meta({ description: "Of image_raw/compressed." }),
  lens_state_patience: z.number().min(0).max(1).default(0.01).meta({
    description: "Seconds to wait for a late lens/state before the focus position of a frame is decided.",
    readOnly: true,
  }),
  lens_state_timeout: z.number().min(0.01).max(600).default(1).meta({
    description: "Seconds without lens/state after which the position of the lens counts as unknown.",
    readOnly: true,
  }),
  clock_margin: z.number().min(0).max(1).default(0).meta({
    description:
      "Seconds by which the stamps of camera and lens may be apart; a frame settles later by as much.",
    readOnly: true,
  }),
  lens: z
    .string()
    .default("")
    .meta(
      atStart(
        "Lens file: a name in config/lenses or a path. Gives the simulated camera its blur (empty: ca378-vcm) and camera_info its focus breathing.",
      ),
    ),
  pixel_scale: lensParameters.pixel_scale,
  camera_info_url: z
    .string()
    .refine(
      (url) => url === "" || url.startsWith("file:///"),
      "file:// and the absolute path of a .yaml file",
    )
    .default("")
    .meta(
      atStart(
        "Where the calibration of the camera is kept, file:///home/me/camera.yaml (the YAML of camera_calibration): loaded at start, saved by set_camera_info; empty: kept until the node ends.",
      ),
    ),
  camera_name: z.string().default("camera").meta(atStart("camera_name in the calibration that is saved.")),
  focal_length: z.number().min(0).max(1e6).default(0).meta({
    description:
      "px, of camera_info at the position where it was calibrated, where there is no calibration; 0: camera_info says uncalibrated.",
  }),
  calibrated_position: z.number().default(0).meta({
    description:
      "Steps, where focal_length was calibrated, or a calibration that does not say where the lens stood.",
  }),
  "simulated.picture": z
    .string()
    .default("")
    .meta(atStart("A sharp photograph to look at; empty: a procedural scene.")),
  "simulated.depth": z
    .string()
    .default("")
    .meta(
      atStart("Depth map of the photograph, black = far, white = near end of the range; empty: one depth."),
    ),
  "simulated.z0": z
    .number()
    .default(-1)
    .meta(atStart("Steps, where a photograph without a depth map is sharp; -1: the middle of the range.")),
  "simulated.motion": z
    .boolean()
    .default(false)
    .meta(atStart("Things move through the procedural scene, sideways and in depth.")),
  "simulated.width": z.int().min(16).max(8192).default(640).meta(atStart("px, of a procedural scene.")),
  "simulated.height": z.int().min(16).max(8192).default(480).meta(atStart("px, of a procedural scene.")),
  "simulated.gain": z.number().positive().max(100).default(1).meta(atStart("Factor on the light.")),
  "simulated.shot_noise": z
    .number()
    .min(0)
    .max(1e6)
    .default(4000)
    .meta(atStart("Electrons of a white pixel; 0: no shot noise.")),
  "simulated.read_noise": z
    .number()
    .min(0)
    .max(1)
    .default(0.002)
    .meta(atStart("Standard deviation in the dark, share of white.")),
  "simulated.seed": z
    .int()
    .min(0)
    .max(4294967295)
    .default(1)
    .meta(atStart("Of the noise and the procedural scene.")),
  "simulated.fail_after": z
    .int()
    .min(0)
    .default(0)
    .meta(atStart("Frames after which the simulated camera goes away, to try what happens; 0: never.")),
  "topic.image": z
    .string()
    .default("")
    .meta(atStart("The sensor_msgs/Image topic of another node, /usb_cam/image_raw.")),
  "replay.stack": z
    .string()
    .default("")
    .meta(atStart("Folder of a focal stack; the number in the name of a frame is its position.")),
});

export type CameraDriverSettings = z.output<typeof cameraDriverParameters>;
