/**
 * What a lens file (config/lenses/*.yaml) may say. The model is either measured (`grid`, what a calibration by paper
 * 1, section 3 writes) or a closed form (`linear`, `thin-lens`) from which the grid is made.
 */
import { z } from "zod";

const position = z.number().describe("focus position, motor steps");
const ascending = (table: readonly { position: number }[]): boolean =>
  table.every((entry, index) => index === 0 || entry.position > (table[index - 1]?.position ?? NaN));

const side = z.number().int().min(1).max(32768);

const sensor = z.strictObject({
  width: side.describe("px"),
  height: side.describe("px"),
  pixelPitch: z.number().positive().max(100).optional().describe("micrometres; needed for a thin lens"),
});

const crop = z.strictObject({
  x: z.number().int().min(0),
  y: z.number().int().min(0),
  width: side,
  height: side,
});

const focusPoint = z.strictObject({
  position,
  distance: z.number().positive().describe("metres from the lens"),
});

const linear = z.strictObject({
  form: z.literal("linear"),
  radiusPerStep: z.number().positive().describe("px of the frame per step"),
  breathing: z.strictObject({
    factor: z.number().positive().max(10).describe("magnification over `steps`"),
    steps: z.number().positive(),
    law: z.enum(["exponential", "linear"]).default("exponential"),
  }),
});

const thinLens = z.strictObject({
  form: z.literal("thin-lens"),
  focalLength: z.number().positive().describe("millimetres"),
  fNumber: z.number().positive(),
  focus: z.tuple([focusPoint, focusPoint]).describe("two known focus points"),
});

const matrix = z.array(z.array(z.number()));

const grid = z
  .strictObject({
    form: z.literal("grid"),
    positions: z
      .array(position)
      .min(2)
      .refine((list) => list.every((each, index) => index === 0 || each > (list[index - 1] ?? NaN)), {
        message: "positions must ascend",
      }),
    radius: matrix.describe("px, one row a Z0, one column a Z"),
    scale: matrix.describe("one row a Z0, one column a Z"),
  })
  .superRefine((model, context) => {
    const n = model.positions.length;
    const fail = (path: (string | number)[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    for (const key of ["radius", "scale"] as const) {
      if (model[key].length !== n || model[key].some((row) => row.length !== n)) {
        fail([key], `expected ${n} rows of ${n} values, one for each of positions`);
        return;
      }
    }
    const radius = (row: number, column: number): number => model.radius[row]?.[column] ?? NaN;
    for (let row = 0; row < n; row++) {
      if (radius(row, row) !== 0) fail(["radius", row, row], "expected 0 in focus, at Z = Z0");
      if (model.scale[row]?.[row] !== 1) fail(["scale", row, row], "expected 1 in focus, at Z = Z0");
      for (let column = 0; column < n; column++) {
        const away = column < row ? -1 : 1;
        const farther = column + away;
        if ((model.scale[row]?.[column] ?? 0) <= 0) fail(["scale", row, column], "expected a value above 0");
        if (farther < 0 || farther >= n) continue;
        if (radius(row, farther) < radius(row, column) || radius(farther, row) < radius(column, row))
          fail(
            ["radius", row, farther],
            "expected the radius not to fall away from focus, along Z and along Z0",
          );
      }
    }
  });

/** How a calibration came to the model; for people, nothing depends on it. */
const calibration = z.strictObject({
  method: z.enum(["pairs", "sweep"]),
  frames: z.number().int().positive(),
  gamma: z.number().positive().optional().describe("of the frames, as assumed"),
  windows: z.number().int().positive().optional().describe("windows of the sweep that agreed"),
  residual: z.number().min(0).describe("typical relative error of the radius"),
  backlash: z
    .number()
    .min(0)
    .optional()
    .describe("steps by which the position differs between the two directions"),
  settlingTime: z.number().min(0).optional().describe("ms from the end of a move until the radius is steady"),
});

export const lensSchema = z
  .strictObject({
    name: z.string().min(1),
    description: z.string().optional(),
    range: z.strictObject({ min: position, max: position }),
    sensor,
    crop: crop.optional().describe("part of the sensor read out, px of the sensor; all of it by default"),
    frame: z
      .strictObject({ width: side, height: side })
      .describe("size of the frames the radii speak of, px"),
    model: z.discriminatedUnion("form", [linear, thinLens, grid]),
    softness: z
      .array(z.number().min(-10).max(10))
      .min(1)
      .max(5)
      .optional()
      .describe(
        "px that frames are read too soft (above 0) or, sharpened, too sharp (below) in focus; values equally likely of a scene",
      ),
    calibration: calibration.optional(),
    depthOfField: z
      .array(z.strictObject({ position, halfWidth: z.number().positive() }))
      .min(1)
      .refine(ascending, { message: "positions must ascend" })
      .describe("half-width sigma_Z of the depth of field, steps"),
    distances: z
      .array(focusPoint)
      .min(2)
      .refine(ascending, { message: "positions must ascend" })
      .optional()
      .describe("object distances that are sharp at positions; between them dioptres are linear"),
  })
  .superRefine((file, context) => {
    const fail = (path: string[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    const { range, sensor, frame, model } = file;
    const crop = file.crop ?? { x: 0, y: 0, ...sensor };
    if (!(range.max > range.min)) fail(["range", "max"], "expected a position above range.min");
    if (crop.x + crop.width > sensor.width || crop.y + crop.height > sensor.height)
      fail(["crop"], "expected a rectangle within the sensor");
    const binning = frame.width / crop.width;
    if (Math.abs(frame.height - crop.height * binning) > 1)
      fail(["frame"], "expected the shape of the crop, reduced by one factor for width and height");
    if (model.form === "grid") {
      const { positions } = model;
      if (positions[0] !== range.min || positions[positions.length - 1] !== range.max)
        fail(["model", "positions"], "expected to begin at range.min and to end at range.max");
    }
    if (model.form === "thin-lens") {
      if (sensor.pixelPitch === undefined) fail(["sensor", "pixelPitch"], "expected for a thin lens");
      const [first, second] = model.focus;
      if (first.position === second.position || first.distance === second.distance)
        fail(["model", "focus"], "expected two different positions and distances");
      if (Math.min(first.distance, second.distance) * 1000 <= model.focalLength)
        fail(["model", "focus"], "expected distances beyond the focal length");
    }
  });

export type LensFile = z.infer<typeof lensSchema>;
