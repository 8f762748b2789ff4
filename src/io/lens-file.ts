/** Lens files: YAML in config/lenses or anywhere else, checked against the schema and made into a LensModel. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { CalibratedLens, sampleForm, type Calibration } from "../algorithms/optics/calibrated-lens.ts";
import { linearForm, thinLensForm, type LensForm } from "../algorithms/optics/lens-forms.ts";
import { LensGrid } from "../algorithms/optics/lens-grid.ts";
import { piecewiseLinear } from "../algorithms/optics/piecewise-linear.ts";
import { AutofocusError } from "../core/errors.ts";
import { lensSchema, type LensFile } from "./lens-schema.ts";

/** The lens files that come with the package; found from src/io and from dist/io alike. */
const LENSES = fileURLToPath(new URL("../../config/lenses/", import.meta.url));

/**
 * Reads a lens by the name of a file in config/lenses ("evetar-25mm") or by the path of a file.
 * @throws AutofocusError `invalid_lens_file`; the message names the file, the field and what was expected there.
 */
export async function loadLens(nameOrPath: string): Promise<CalibratedLens> {
  const byName = /^[\w-]+$/.test(nameOrPath);
  const file = byName ? path.join(LENSES, `${nameOrPath}.yaml`) : nameOrPath;
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AutofocusError("invalid_lens_file", `Cannot read the lens ${nameOrPath}: ${reason}`, {
      cure: `Give the path of a .yaml file or one of ${(await lensNames()).join(", ")}.`,
      cause,
    });
  }
  return parseLens(text, file);
}

/** Names of the lenses that come with the package. */
export async function lensNames(): Promise<string[]> {
  const files = await readdir(LENSES);
  return files.filter((each) => each.endsWith(".yaml")).map((each) => path.basename(each, ".yaml"));
}

/**
 * A lens from the text of a lens file. `file` stands for it in messages.
 * @throws AutofocusError `invalid_lens_file`.
 */
export function parseLens(text: string, file: string): CalibratedLens {
  let document: unknown;
  try {
    document = parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AutofocusError("invalid_lens_file", `Lens file ${file} is no YAML: ${reason}`, {
      cure: "Start from one of the files in config/lenses.",
      cause,
    });
  }
  const checked = lensSchema.safeParse(document);
  if (!checked.success) {
    const problems = checked.error.issues.map(
      (issue) => `${issue.path.join(".") || "file"}: ${issue.message}`,
    );
    throw new AutofocusError("invalid_lens_file", `Lens file ${file} does not fit: ${problems.join("; ")}.`, {
      cure: "Correct the fields named; config/lenses has complete examples.",
    });
  }
  return new CalibratedLens(calibration(checked.data));
}

function calibration(file: LensFile): Calibration {
  const { name, range, sensor, frame, model, distances } = file;
  const crop = file.crop ?? { x: 0, y: 0, width: sensor.width, height: sensor.height };
  const binning = frame.width / crop.width;
  const form = closedForm(file, (sensor.pixelPitch ?? NaN) / binning);
  const grids =
    model.form === "grid"
      ? {
          signedRadius: new LensGrid(
            model.positions,
            model.radius.map((row, z0) => row.map((radius, z) => (z < z0 ? -radius : radius))),
          ),
          logScale: new LensGrid(
            model.positions,
            model.scale.map((row) => row.map(Math.log)),
          ),
        }
      : sampleForm(form as LensForm, range);
  return {
    name,
    frame,
    opticalCentre: { x: (sensor.width / 2 - crop.x) * binning, y: (sensor.height / 2 - crop.y) * binning },
    ...grids,
    softness: file.softness,
    depthOfField: piecewiseLinear(
      file.depthOfField.map((entry) => ({ position: entry.position, value: entry.halfWidth })),
    ),
    dioptres:
      distances === undefined
        ? (form?.dioptres ?? (() => NaN))
        : piecewiseLinear(distances.map(({ position, distance }) => ({ position, value: 1 / distance }))),
  };
}

function closedForm({ model, range }: LensFile, pixelPitch: number): LensForm | undefined {
  switch (model.form) {
    case "linear":
      return linearForm({ ...model, range });
    case "thin-lens":
      return thinLensForm({ ...model, pixelPitch });
    case "grid":
      return undefined;
  }
}
