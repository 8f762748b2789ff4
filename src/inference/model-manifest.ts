/**
 * The manifest beside each network: what goes in and comes out, how it was trained, what it reached on pictures it had
 * not seen, and the hash of the file it speaks of. A network is only used with a manifest that fits.
 */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { AutofocusError } from "../core/errors.ts";
import { RING_FEATURES, RING_SPECTRUM_VERSION } from "../core/native/index.ts";

/** The networks that come with the package; found from src/inference and from dist/inference alike. */
export const MODELS = fileURLToPath(new URL("../../models/", import.meta.url));

/** What every manifest says. */
export const modelFields = {
  formatVersion: z.literal(1),
  /** File name of the network, in the same folder. */
  file: z.string().regex(/^[\w.-]+$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  description: z.string(),
  /** How it was trained: data, seed, epochs. For people. */
  training: z.record(z.string(), z.unknown()),
  /** Accuracy on pictures of other sources than those trained on. For people. */
  metrics: z.record(z.string(), z.unknown()),
};

/** The radius network: ring spectra in, five numbers a patch out. */
export const defocusManifest = z.object({
  ...modelFields,
  kind: z.literal("defocus"),
  features: z.object({ version: z.literal(RING_SPECTRUM_VERSION), length: z.literal(RING_FEATURES) }),
  /** Sides of the patches it was trained on, px, ascending. */
  patchSizes: z.array(z.number().int().positive()).min(1),
  /** Radius up to which a patch was called in focus, px. */
  inFocusRadius: z.number().positive(),
  /** Least texture probability of a patch that can be read, 0..1. */
  textureThreshold: z.number().min(0).max(1),
});
export type DefocusManifest = z.infer<typeof defocusManifest>;

/** The sharpness network: a gray 8-bit picture of any size in, a map of S and of its deviation out. */
export const sharpnessManifest = z.object({
  ...modelFields,
  kind: z.literal("sharpness"),
  /** Side of a cell of the map, px. */
  stride: z.number().int().positive(),
  /** The sides of its input are multiples of this, px. */
  granule: z.number().int().positive(),
});
export type SharpnessManifest = z.infer<typeof sharpnessManifest>;

/** The paper's networks: a gray 8-bit patch in, one number out. */
export const paperManifest = z.object({
  ...modelFields,
  kind: z.enum(["paper-estimator", "paper-discriminator"]),
  patchSize: z.literal(512),
  /** Lens whose steps it speaks, by the name of its file. */
  lens: z.string(),
  /** What was called in focus, for the discriminator: Z0 = Zi or |Z0 - Zi| <= sigma_Z. */
  label: z.string(),
  /** The estimator's output times this is a distance in steps. */
  outputScale: z.number().positive(),
});
export type PaperManifest = z.infer<typeof paperManifest>;

export interface Model<T> {
  readonly manifest: T;
  /** Absolute path of the ONNX file. */
  readonly network: string;
}

/**
 * Reads `<name>.json` in `directory` and checks the network it names.
 * @throws AutofocusError `model_missing` when either file is not there, `model_invalid` when the manifest does not
 *   fit this version or the network is not the one it speaks of.
 */
export async function readModel<T extends { file: string; sha256: string }>(
  directory: string,
  name: string,
  schema: z.ZodType<T>,
): Promise<Model<T>> {
  const file = path.join(directory, `${name}.json`);
  const manifest = check(parse(await read(file), file), schema, file);
  const network = path.resolve(directory, manifest.file);
  const sha256 = createHash("sha256")
    .update(await read(network))
    .digest("hex");
  if (sha256 !== manifest.sha256) {
    throw invalid(network, "its SHA-256 is not the one in the manifest", {
      sha256,
      expected: manifest.sha256,
    });
  }
  return { manifest, network };
}

/**
 * Names of the pictures that the networks in a folder were trained on; figures on these would say little.
 * @throws AutofocusError `model_missing`, `model_invalid`.
 */
export async function trainingSources(directory: string = MODELS): Promise<ReadonlySet<string>> {
  const manifests = (await readdir(directory)).filter((name) => name.endsWith(".json"));
  const sources = await Promise.all(
    manifests.map(async (name) => {
      const file = path.join(directory, name);
      return check(parse(await read(file), file), trainedOn, file).training.sources ?? [];
    }),
  );
  return new Set(sources.flat());
}

const trainedOn = z.object({ training: z.looseObject({ sources: z.array(z.string()).optional() }) });

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AutofocusError("model_missing", `Cannot read the model ${file}: ${reason}`, {
      cure: "Reinstall the package, give the folder that holds the models, or train one (training/README.md).",
      cause,
    });
  }
}

function parse(bytes: Buffer, file: string): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw invalid(file, "it is no JSON", { cause });
  }
}

function check<T>(document: unknown, schema: z.ZodType<T>, file: string): T {
  const checked = schema.safeParse(document);
  if (checked.success) return checked.data;
  const problems = checked.error.issues.map((issue) => `${issue.path.join(".") || "file"}: ${issue.message}`);
  throw invalid(file, problems.join("; "), {});
}

function invalid(file: string, why: string, context: Record<string, unknown>): AutofocusError {
  return new AutofocusError("model_invalid", `The model ${file} cannot be used: ${why}.`, {
    cure: "Reinstall the package, or train the network again with this version (training/README.md).",
    context,
  });
}
