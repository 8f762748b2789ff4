/** The lens file that `calibrate` leaves behind. */
import { writeFile } from "node:fs/promises";
import { AutofocusError } from "../../core/errors.ts";
import { parseLens } from "../../io/lens-file.ts";
import type { LensFile } from "../../io/lens-schema.ts";
import { formatLens } from "../../io/lens-writer.ts";
import type { Pixels } from "../../core/units.ts";

export interface LensOptions {
  /** File to write; none where undefined. */
  readonly out: string | undefined;
  readonly name: string;
  readonly visibleRadius: Pixels;
}

/** The text of a lens file, read back once: what is written can be loaded. */
export function lensText(file: LensFile): string {
  const text = formatLens(file);
  parseLens(text, file.name);
  return text;
}

/** @throws AutofocusError `io`. */
export async function saveLens({ out }: LensOptions, text: string): Promise<void> {
  if (out === undefined) return;
  try {
    await writeFile(out, text);
  } catch (cause) {
    throw new AutofocusError("io", `Cannot write the lens file ${out}: ${(cause as Error).message}`, {
      cure: "Name a file in a folder that exists and can be written.",
      cause,
    });
  }
}
