/** Every part of the evaluation under its name. A new one is a folder with a study and a report, and a line here. */
import { capturePart } from "./capture/part.ts";
import { focusPart } from "./focus/part.ts";
import { fusionPart } from "./fusion/part.ts";
import { knownPart } from "./known/part.ts";
import type { Part, PartName } from "./part.ts";
import { radiusPart } from "./radius/part.ts";
import { sharpnessPart } from "./sharpness/part.ts";
import { speedPart } from "./speed/part.ts";
import { videoPart } from "./video/part.ts";
import { stacksPart } from "./stacks/part.ts";

export const PARTS: Readonly<Record<PartName, Part>> = {
  focus: focusPart,
  radius: radiusPart,
  sharpness: sharpnessPart,
  stacks: stacksPart,
  known: knownPart,
  fusion: fusionPart,
  capture: capturePart,
  speed: speedPart,
  video: videoPart,
};
