/**
 * Camera calibrations in the YAML format of ROS (camera_calibration_parsers), which `camera_calibration` writes and every
 * camera driver of ROS reads. One key more than theirs, `focus_position`, says where the lens stood when the camera was
 * calibrated; other readers ignore it.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Document, parse, visit } from "yaml";
import { z } from "zod";
import { AutofocusError, toAutofocusError } from "../core/errors.ts";
import type { Pixels, Steps } from "../core/units.ts";

/** What a calibration says, as in sensor_msgs/CameraInfo. */
export interface CameraCalibration {
  /** Of the frames that were calibrated. */
  readonly width: Pixels;
  readonly height: Pixels;
  readonly distortionModel: string;
  readonly d: readonly number[];
  /** 3x3, row-major; `k[0]` is 0 where there is no calibration. */
  readonly k: readonly number[];
  /** 3x3. */
  readonly r: readonly number[];
  /** 3x4. */
  readonly p: readonly number[];
  /** Where the lens stood; undefined where that is not known. */
  readonly focusPosition: Steps | undefined;
}

/** How many coefficients the distortion models of sensor_msgs have. */
const COEFFICIENTS: Readonly<Record<string, readonly number[]>> = {
  plumb_bob: [4, 5],
  rational_polynomial: [8, 12, 14],
  equidistant: [4],
};

const calibrationSchema = z
  .object({
    width: z.int().min(1),
    height: z.int().min(1),
    distortionModel: z.string(),
    d: z.array(z.number()),
    k: z.array(z.number()).length(9),
    r: z.array(z.number()).length(9),
    p: z.array(z.number()).length(12),
    focusPosition: z.number().optional(),
  })
  .refine(({ k }) => k[0] === 0 || ((k[0] ?? 0) > 0 && (k[4] ?? 0) > 0 && k[8] === 1), {
    message: "the focal lengths k[0] and k[4] must be above 0 and k[8] 1, or k[0] 0 for uncalibrated",
  })
  .refine(
    ({ k, d, distortionModel: name }) => k[0] === 0 || (COEFFICIENTS[name]?.includes(d.length) ?? true),
    {
      message: "the distortion model does not have that many coefficients d",
    },
  );

const matrix = (rows: number, cols: number) =>
  z.object({
    rows: z.literal(rows),
    cols: z.literal(cols),
    data: z.array(z.number()).length(rows * cols),
  });

const fileSchema = z.object({
  image_width: z.number(),
  image_height: z.number(),
  camera_matrix: matrix(3, 3),
  distortion_model: z.string().default("plumb_bob"),
  distortion_coefficients: z.object({ data: z.array(z.number()) }),
  rectification_matrix: matrix(3, 3),
  projection_matrix: matrix(3, 4),
  focus_position: z.number().optional(),
});

/** @throws AutofocusError `invalid_input` naming every number of the calibration that makes no sense. */
export function checkCalibration(calibration: CameraCalibration, what: string): CameraCalibration {
  const checked = calibrationSchema.safeParse(calibration);
  if (!checked.success) throw wrong(what, checked.error);
  return calibration;
}

/**
 * Reads a calibration. @param file stands for the text in messages.
 * @throws AutofocusError `invalid_input` naming the field that is wrong.
 */
export function parseCalibration(text: string, file: string): CameraCalibration {
  let document: unknown;
  try {
    document = parse(text);
  } catch (cause) {
    throw new AutofocusError("invalid_input", `${file} is no YAML: ${toAutofocusError(cause).message}`, {
      cause,
    });
  }
  const checked = fileSchema.safeParse(document);
  if (!checked.success) throw wrong(file, checked.error);
  const { data } = checked;
  const calibration = {
    width: data.image_width,
    height: data.image_height,
    distortionModel: data.distortion_model,
    d: data.distortion_coefficients.data,
    k: data.camera_matrix.data,
    r: data.rectification_matrix.data,
    p: data.projection_matrix.data,
    focusPosition: data.focus_position,
  };
  return checkCalibration(calibration, file);
}

/** The text of a file that `parseCalibration` and other readers of the format read. */
export function formatCalibration(calibration: CameraCalibration, cameraName: string): string {
  const { width, height, distortionModel, d, k, r, p, focusPosition } = calibration;
  const document = new Document({
    image_width: width,
    image_height: height,
    camera_name: cameraName,
    camera_matrix: { rows: 3, cols: 3, data: k },
    distortion_model: distortionModel,
    distortion_coefficients: { rows: 1, cols: d.length, data: d },
    rectification_matrix: { rows: 3, cols: 3, data: r },
    projection_matrix: { rows: 3, cols: 4, data: p },
    ...(focusPosition === undefined ? {} : { focus_position: focusPosition }),
  });
  visit(document, { Seq: (_key, list) => void (list.flow = true) });
  return document.toString({ lineWidth: 0 });
}

/**
 * The calibration at a `file://` URL, undefined where there is no such file.
 * @throws AutofocusError `invalid_input` for a file that is none, `io` for one that cannot be read.
 */
export async function loadCalibration(url: string): Promise<CameraCalibration | undefined> {
  const file = fileOf(url);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new AutofocusError("io", `Cannot read the camera calibration: ${toAutofocusError(cause).message}`, {
      cause,
    });
  }
  return parseCalibration(text, file);
}

/**
 * Writes a calibration, whole or not at all; folders that are missing are made.
 * @throws AutofocusError `io`, `invalid_input` for a URL that names no file.
 */
export async function saveCalibration(
  url: string,
  calibration: CameraCalibration,
  cameraName: string,
): Promise<void> {
  const file = fileOf(url);
  const beside = `${file}.part`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(beside, formatCalibration(calibration, cameraName));
    await rename(beside, file);
  } catch (cause) {
    throw new AutofocusError(
      "io",
      `Cannot write the camera calibration: ${toAutofocusError(cause).message}`,
      {
        cause,
      },
    );
  }
}

function fileOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    throw new AutofocusError("invalid_input", `${JSON.stringify(url)} names no file.`, {
      cure: "Write file:// and the absolute path: file:///home/me/camera.yaml.",
      cause,
    });
  }
}

function wrong(what: string, error: z.ZodError): AutofocusError {
  const problems = error.issues.map(({ path: at, message }) =>
    at.length > 0 ? `${at.join(".")}: ${message}` : message,
  );
  return new AutofocusError("invalid_input", `${what} is no camera calibration: ${problems.join("; ")}.`, {
    cure: "Calibrate the camera again, or set camera_info_url to a file that camera_calibration wrote.",
  });
}
