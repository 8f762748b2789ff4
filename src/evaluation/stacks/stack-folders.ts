/** The focal stacks, or the clips, in a folder. */
import { readdir } from "node:fs/promises";
import path from "node:path";
import { AutofocusError } from "../../core/errors.ts";

/** The folders in it, by name. @throws AutofocusError `io`, `invalid_input` when there is none. */
export async function stacksIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause: unknown) => {
    throw new AutofocusError("io", `Cannot read the folder ${directory}.`, {
      cure: "Name a folder that holds one folder a focal stack, or a clip.",
      cause,
    });
  });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (folders.length > 0) return folders.sort().map((name) => path.join(directory, name));
  throw new AutofocusError("invalid_input", `There is no folder in ${directory}.`, {
    cure: "Name a folder that holds one folder a focal stack, or a clip.",
  });
}
