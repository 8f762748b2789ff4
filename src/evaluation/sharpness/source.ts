/** Where a figure of optical sharpness S (paper 2) comes from. */
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
