/** The YAML that lists pairs of frames for `calibrate --pairs`. File names are relative to it. */
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { AutofocusError } from "../../core/errors.ts";
import type { PairFiles } from "./measure-pair.ts";

/** Looked for in a folder. */
const FILE_NAME = "pairs.yaml";

const whole = z.number().int().min(0);

const schema = z.strictObject({
  name: z.string().min(1).optional(),
  gamma: z.number().min(0.1).max(10).optional(),
  range: z
    .strictObject({ min: z.number(), max: z.number() })
    .optional()
    .describe("where the lens moves, steps"),
  pairs: z
    .array(
      z.strictObject({
        focused: z.string().min(1),
        z0: z.number().describe("focus position of `focused`, steps"),
        defocused: z.string().min(1),
        z: z.number().describe("focus position of `defocused`, steps"),
        patch: z
          .tuple([whole, whole, whole, whole])
          .optional()
          .describe("x, y, width, height: sharp in `focused`"),
      }),
    )
    .min(1),
});

export interface PairsFile {
  readonly name: string | undefined;
  readonly gamma: number | undefined;
  readonly range: { readonly min: number; readonly max: number } | undefined;
  readonly pairs: readonly (PairFiles & { readonly z0: number; readonly z: number })[];
}

/**
 * @param place the file, or the folder that holds `pairs.yaml`.
 * @throws AutofocusError `io`, `invalid_input`.
 */
export async function readPairsFile(place: string): Promise<PairsFile> {
  let file = place;
  let text: string;
  try {
    if ((await stat(place)).isDirectory()) file = path.join(place, FILE_NAME);
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new AutofocusError("io", `Cannot read the list of pairs ${file}: ${(cause as Error).message}`, {
      cure: `Give a YAML file, or a folder with ${FILE_NAME}; docs/calibration.md has an example.`,
      cause,
    });
  }
  const checked = schema.safeParse(parseYaml(text, file));
  if (!checked.success) {
    const problems = checked.error.issues.map(
      (issue) => `${issue.path.join(".") || "file"}: ${issue.message}`,
    );
    throw new AutofocusError(
      "invalid_input",
      `The list of pairs ${file} does not fit: ${problems.join("; ")}.`,
      {
        cure: "Correct the fields named; docs/calibration.md has an example.",
      },
    );
  }
  const { name, gamma, range, pairs } = checked.data;
  const folder = path.dirname(file);
  return {
    name,
    gamma,
    range,
    pairs: pairs.map(({ focused, defocused, z0, z: position, patch }) => ({
      focused: path.resolve(folder, focused),
      defocused: path.resolve(folder, defocused),
      z0,
      z: position,
      patch: patch && { x: patch[0], y: patch[1], width: patch[2], height: patch[3] },
    })),
  };
}

function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new AutofocusError(
      "invalid_input",
      `The list of pairs ${file} is no YAML: ${(cause as Error).message}`,
      {
        cure: "docs/calibration.md has an example.",
        cause,
      },
    );
  }
}
