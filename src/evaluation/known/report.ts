/** The known part as a table. */
import { fixed, percent, type PartReport } from "../report/document.ts";
import { mean, median, quantile, share } from "../statistics.ts";
import type { KnownReadings } from "./known-study.ts";

/** What the paper counts as its depth of field, steps. */
const DEPTH_OF_FIELD = 20;

export function reportKnown(lens: string, readings: readonly KnownReadings[]): PartReport {
  return {
    title: "Real pictures of known defocus",
    introduction: `Real pictures of scenes of one depth, whose in-focus position Z0 and lens position Z are known, through the lens \`${lens}\`. Patches of 512 px, 128 px apart, are read one by one by the radius network and by the step estimator of paper 1 with our training. The estimator speaks the steps of the lens it was trained for; its distance is turned into a radius by that lens and into steps by this one. The error is that of |Z0 - Z|; a patch without texture is not counted for the radius network, which says so, and counted for the estimator, which cannot.`,
    sections: [
      {
        heading: "Errors of single patches",
        tables: [
          {
            columns: [
              ...["picture", "Z0", "Z", "radius by the lens, px", "network", "patches", "read"],
              ...["median radius, px", "error in steps: mean", "median", "p90", "within 20 steps"],
            ],
            rows: readings.map((each) => [
              ...[each.picture, each.z0, each.z, fixed(each.trueRadius), `\`${each.reader}\``],
              ...[each.patches, each.errors.length, fixed(median(each.radii))],
              ...[fixed(mean(each.errors)), fixed(median(each.errors)), fixed(quantile(each.errors, 0.9))],
              percent(share(each.errors, (error) => error <= DEPTH_OF_FIELD)),
            ]),
          },
        ],
      },
    ],
    figures: readings.map(({ radii, errors, ...rest }) => ({
      ...rest,
      read: errors.length,
      medianRadius: median(radii),
      meanError: mean(errors),
      medianError: median(errors),
      p90: quantile(errors, 0.9),
      within: share(errors, (error) => error <= DEPTH_OF_FIELD),
    })),
  };
}
