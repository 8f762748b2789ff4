/** `evaluate video`: all-in-focus video of clips with assigned depth. */
import { BlendingNetwork } from "../../inference/blending-network.ts";
import type { Part } from "../part.ts";
import { reportVideo } from "./report.ts";
import { studyVideo } from "./video-study.ts";

export const videoPart: Part = {
  name: "video",
  needs: "clips",
  run: async (evaluation) => {
    const network = await BlendingNetwork.load();
    try {
      return reportVideo(await studyVideo(evaluation, (features) => network.weigh(features)));
    } finally {
      await network.dispose();
    }
  },
};
