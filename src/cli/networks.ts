/** The networks that the commands run searches with. */
import type { LensModel } from "../algorithms/optics/lens-model.ts";
import { AutofocusError } from "../core/errors.ts";
import { DefocusEstimator } from "../inference/defocus-estimator.ts";
import { PaperNetworks } from "../inference/paper-networks.ts";
import { SharpnessEstimator } from "../inference/sharpness-estimator.ts";
import { once, type Networks } from "../pipeline/networks.ts";

/** The networks, loaded when a search first asks for them. Those of the paper speak the steps of one lens only. */
export function networksFor(lens: LensModel): Networks {
  return {
    defocus: once(() => DefocusEstimator.load()),
    steps: once(async () => {
      const networks = await PaperNetworks.load();
      if (networks.lens === lens.name) return networks;
      await networks.dispose();
      throw new AutofocusError(
        "invalid_input",
        `The paper's networks are trained for ${networks.lens}, not for ${lens.name}.`,
        { cure: `Use --lens ${networks.lens}, or another search.` },
      );
    }),
    sharpness: once(() => SharpnessEstimator.load()),
  };
}
