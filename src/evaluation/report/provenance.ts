/** Where figures come from: machine, date, command and networks. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import path from "node:path";
import { AutofocusError } from "../../core/errors.ts";

export interface Provenance {
  readonly machine: string;
  /** Year-month-day. */
  readonly date: string;
  readonly command: string;
  readonly networks: readonly NetworkFile[];
}

export interface NetworkFile {
  readonly name: string;
  readonly sha256: string;
}

export async function provenanceOf(command: string, models: string, now: Date): Promise<Provenance> {
  return {
    machine: `${cpus()[0]?.model.trim() ?? "an unknown processor"}, ${availableParallelism()} cores, Node.js ${process.versions.node}`,
    date: now.toISOString().slice(0, 10),
    command,
    networks: await networksIn(models),
  };
}

/** The ONNX files of a folder with their hashes. @throws AutofocusError `model_missing`. */
async function networksIn(models: string): Promise<NetworkFile[]> {
  const names = await readdir(models).catch((cause: unknown) => {
    throw new AutofocusError("model_missing", `Cannot read the folder ${models}.`, {
      cure: "Reinstall the package.",
      cause,
    });
  });
  return Promise.all(
    names
      .filter((name) => name.endsWith(".onnx"))
      .sort()
      .map(async (name) => {
        const bytes = await readFile(path.join(models, name));
        return {
          name: path.basename(name, ".onnx"),
          sha256: createHash("sha256").update(bytes).digest("hex"),
        };
      }),
  );
}
