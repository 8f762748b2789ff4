/** Writes what a calibration found as a lens file. */
import { Document, isPair, isScalar, visit } from "yaml";
import { halfWidth, type LensScales } from "../algorithms/calibration/defocus-scale.ts";
import type { Range } from "../algorithms/optics/lens-model.ts";
import type { Pixels, Steps } from "../core/units.ts";
import { lensSchema, type LensFile } from "./lens-schema.ts";

export interface CalibratedLensParts {
  readonly name: string;
  readonly description: string;
  readonly scales: LensScales;
  readonly range: Range;
  readonly frame: { readonly width: Pixels; readonly height: Pixels };
  /** As LensModel has it; not measured unless given. */
  readonly softness?: readonly Pixels[];
  /** Radius of a disk that is no longer seen, px; it makes the depth of field. */
  readonly visibleRadius: Pixels;
  readonly calibration: NonNullable<LensFile["calibration"]>;
}

/** Positions of the grid at most; what lies between them is linear. */
const MOST_KNOTS = 49;
/** Entries of the table of the depth of field. */
const DEPTHS = 5;

/** The lens file of a calibration; it has passed the schema. */
export function lensFileOf(parts: CalibratedLensParts): LensFile {
  const { name, description, scales, range, frame, visibleRadius, softness = [], calibration } = parts;
  const positions = gridPositions(scales.defocus.positions, range);
  const signed = (z0: Steps, z: Steps): number => scales.defocus.at(z) - scales.defocus.at(z0);
  const magnification = (z0: Steps, z: Steps): number =>
    Math.exp(scales.breathing.at(z) - scales.breathing.at(z0));
  const matrix = (value: (z0: Steps, z: Steps) => number): number[][] =>
    positions.map((z0) => positions.map((z) => value(z0, z)));
  return lensSchema.parse({
    name,
    description,
    range: { min: range.min, max: range.max },
    sensor: frame,
    frame,
    model: {
      form: "grid",
      positions,
      radius: matrix((z0, z) => rounded(Math.abs(signed(z0, z)), 4)),
      scale: matrix((z0, z) => rounded(magnification(z0, z), 6)),
    },
    ...(softness.length > 0 && { softness: softness.map((each) => rounded(each, 2)) }),
    depthOfField: Array.from({ length: DEPTHS }, (_, index) => {
      const position = range.min + ((range.max - range.min) * index) / (DEPTHS - 1);
      const most = (range.max - range.min) / 2;
      return {
        position: rounded(position, 3),
        halfWidth: rounded(Math.min(most, halfWidth(scales.defocus, position, visibleRadius)), 3),
      };
    }),
    calibration: {
      ...calibration,
      residual: rounded(calibration.residual, 4),
      ...(calibration.backlash !== undefined && { backlash: rounded(calibration.backlash, 2) }),
      ...(calibration.settlingTime !== undefined && { settlingTime: rounded(calibration.settlingTime, 1) }),
    },
  });
}

/** A lens file as text; lists and mappings of plain values take one line each. */
export function formatLens(file: LensFile): string {
  const document = new Document(file);
  visit(document, {
    Collection: (_, node) => {
      if (node.items.length > 0 && node.items.every(isPlain)) node.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

/** A number or a word, by itself or under a name. */
function isPlain(item: unknown): boolean {
  return isPair(item) ? isScalar(item.value) : isScalar(item);
}

/** The knots that lie in the range, its ends included, and not too many of them. */
function gridPositions(knots: readonly Steps[], { min, max }: Range): Steps[] {
  const inside = knots.filter((knot) => knot > min && knot < max);
  const all = [min, ...inside, max];
  if (all.length <= MOST_KNOTS) return all;
  return Array.from(
    { length: MOST_KNOTS },
    (_, index) => all[Math.round((index * (all.length - 1)) / (MOST_KNOTS - 1))] as Steps,
  );
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
