/** The parameters that name the lens model, for every node that needs one, and the loading of it. */
import { z } from "zod";
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { loadLens } from "../io/lens-file.ts";

export const lensParameters = {
  lens: z.string().default("").meta({
    description: "Lens file: a name in config/lenses (evetar-25mm) or a path; empty: no lens model.",
    readOnly: true,
  }),
  pixel_scale: z.number().positive().max(64).default(1).meta({
    description:
      "Pixels delivered for each pixel of the frame that the lens file was made for: 0.5 for 2x2 binning; a crop changes nothing.",
    readOnly: true,
  }),
};

/**
 * The lens model that the parameters name, undefined for none.
 * @throws AutofocusError `invalid_lens_file`.
 */
export async function lensModel(parameters: {
  readonly lens: string;
  readonly pixel_scale: number;
}): Promise<LensModel | undefined> {
  if (parameters.lens === "") return undefined;
  const lens = await loadLens(parameters.lens);
  return parameters.pixel_scale === 1 ? lens : lens.resized(parameters.pixel_scale);
}
