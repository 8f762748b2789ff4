/** The speed part as tables. */
import { fixed, type PartReport } from "../report/document.ts";
import { STRIDE, type SpeedFigures } from "./speed-study.ts";

/** Paper 1, Table 3, the row of its CPU, ms. */
const PAPER: Readonly<Record<string, number>> = {
  "Tenengrad (traditional)": 3.89,
  "step estimator": 2.11,
  "focus discriminator": 1.45,
  "estimator and discriminator (proposed)": 3.56,
};

export function reportSpeed(figures: SpeedFigures): PartReport {
  const { patch, openCv, frames } = figures;
  const yardstick = openCv?.milliseconds;
  const paperYardstick = PAPER["Tenengrad (traditional)"] ?? NaN;
  const ratio = (milliseconds: number | undefined, to: number | undefined): string =>
    milliseconds === undefined || to === undefined ? "-" : fixed(milliseconds / to, 2);
  return {
    title: "Speed: paper 1, Table 3",
    introduction:
      "The least time of several runs after one that does not count, since what else the machine does only ever adds; those of one table were taken right after one another.",
    sections: [
      {
        heading: "One window of 512x512 px, one thread",
        text: `Milliseconds an iteration, and as a share of Tenengrad by OpenCV${openCv === undefined ? ", which is not installed here" : ` ${openCv.version}`} (CV_32F Sobel, squares, mean). The paper's own times are those of a 2.7 GHz Intel Core i5.`,
        tables: [
          {
            columns: ["", "ms", "of OpenCV's Tenengrad", "paper 1: ms", "of its traditional"],
            rows: [
              ["Tenengrad by OpenCV", fixed(yardstick, 3), ratio(yardstick, yardstick), null, null],
              ...patch.map(({ name, milliseconds }) => [
                name,
                fixed(milliseconds, 3),
                ratio(milliseconds, yardstick),
                fixed(PAPER[name], 2),
                ratio(PAPER[name], paperYardstick),
              ]),
            ],
          },
        ],
      },
      {
        heading: "Maps over a frame",
        text: `Milliseconds for all patches of 512 px, ${STRIDE} px apart. Patch-wise: the paper's pair on one patch after the other. Global: the same networks run over the whole frame (paper 1, section 5.2). Radius: the map of this package's radius network, on all cores. Sharpness: the dense map of the sharpness network.`,
        tables: [
          {
            columns: [
              "frame",
              "patches",
              "patch-wise",
              "global",
              "gain",
              "radius",
              "radius, maps a second",
              "sharpness",
            ],
            rows: frames.map(({ width, height, patches, patchWise, global, defocus, sharpness }) => [
              `${width}x${height}`,
              patches,
              fixed(patchWise),
              fixed(global),
              `${fixed(patchWise / global)}x`,
              fixed(defocus),
              fixed(1000 / defocus),
              fixed(sharpness),
            ]),
          },
        ],
      },
    ],
    figures,
  };
}
