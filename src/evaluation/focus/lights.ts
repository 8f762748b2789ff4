/**
 * The three lights of paper 1, Table 2, on the simulated sensor. The paper gives no figures, only that "the noise level
 * under incandescent bulb light and natural light in the experiments were much higher than under fluorescent lamp"; these
 * are ours: a white wall is 10 000, 900 and 400 photo-electrons bright, and the read noise grows as the gain of a camera
 * would have it.
 */
import { GOOD_LIGHT, type Light } from "../photos/photo-camera.ts";
import type { LightName } from "./paper-tables.ts";

export const LIGHTS: Readonly<Record<LightName, Light>> = {
  lamp: GOOD_LIGHT,
  bulb: { gain: 0.5, electrons: 1800, readNoise: 0.004 },
  natural: { gain: 0.35, electrons: 1150, readNoise: 0.006 },
};
