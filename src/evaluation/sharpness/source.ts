/** Where a figure of optical sharpness S (paper 2) comes from. */
import { rawSharpness, summariseSharpness } from "../../algorithms/rois/summarise-sharpness.ts";
import type { ImageU8 } from "../../core/image.ts";
import type { Networks } from "../../pipeline/networks.ts";
import { summariseFrame } from "../readings.ts";

export interface SharpnessSource {
  readonly name: string;
  /** S of a frame, NaN where nothing in it can be read. */
  read(gray: ImageU8): Promise<SharpnessFigure>;
}

export interface SharpnessFigure {
  /** 0..1. */
  readonly value: number;
  /** Before it is held within 0..1; the same where the network cannot give another. */
  readonly raw: number;
}

/** The sharpness that the radius network gives with each patch. */
export function radiusNetworkSharpness(networks: Networks): SharpnessSource {
  return {
    name: "S, radius network",
    read: async (gray) => {
      const value = (await summariseFrame(networks, gray))?.sharpness ?? NaN;
      return { value, raw: value };
    },
  };
}

/** The mean of the dense map of the sharpness network. */
export function sharpnessNetwork(networks: Networks): SharpnessSource {
  return {
    name: "S, sharpness network",
    read: async (gray) => {
      const reader = await networks.sharpness();
      const maps = [await reader.map(gray)];
      return { value: summariseSharpness(maps), raw: rawSharpness(maps) };
    },
  };
}
