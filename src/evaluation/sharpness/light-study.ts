/**
 * Paper 2, section 2 and Fig. 3: the same focal stacks in six lights. A measure is consistent when its peak does not depend
 * on the light and on the scene: SR = S_peaks / min(S_peaks), Eq. 1.
 */
import { FOCUS_MEASURES } from "../../algorithms/focus-measure/names.ts";
import { focusMeasure } from "../../core/native/index.ts";
import type { Steps } from "../../core/units.ts";
import { concurrently } from "../concurrently.ts";
import type { Evaluation } from "../part.ts";
import { PhotoCamera } from "../photos/photo-camera.ts";
import { usablePhotographs } from "../photos/photographs.ts";
import { mix } from "../seeds.ts";
import { median } from "../statistics.ts";
import type { SharpnessSource } from "./source.ts";

const PHOTOGRAPHS = 12;

/** Positions of a stack around focus, steps. */
const OFFSETS: readonly Steps[] = [-300, -200, -120, -60, -30, -15, 0, 15, 30, 60, 120, 200, 300];

/** Light against the normal one. */
export const LIGHT_FACTORS = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4] as const;

/** Normal light exposes white to a quarter less a little, so that four times as much does not clip. */
const NORMAL_GAIN = 0.24;

/** Photo-electrons at the white of the sensor, and its read noise. */
const SENSOR = { electrons: 10_000, readNoise: 0.001 } as const;

export interface StackCurve {
  readonly photo: string;
  /** Light against the normal one. */
  readonly light: number;
  readonly measure: string;
  readonly points: readonly { readonly offset: Steps; readonly value: number }[];
}

export async function studyLights(
  evaluation: Evaluation,
  sources: readonly SharpnessSource[],
): Promise<StackCurve[]> {
  const { lens, seed, quick } = evaluation;
  const photographs = await usablePhotographs(evaluation.photographs, quick ? 1 : PHOTOGRAPHS, "512", lens);
  const z0 = Math.round((lens.range.min + lens.range.max) / 2);
  const offsets = quick ? [0, 60] : OFFSETS;
  const lights = quick ? [1 / 8, 1] : LIGHT_FACTORS;
  const advance = evaluation.progress("lights", photographs.length * lights.length);
  const curves = await concurrently(photographs, async ({ gray, name: photo }, index) => {
    const scene = await PhotoCamera.create(gray, "512", lens, z0);
    const own: StackCurve[] = [];
    for (const light of lights) {
      const camera = scene.inLight({ gain: NORMAL_GAIN * light, ...SENSOR });
      const values = new Map<string, { offset: Steps; value: number }[]>();
      for (const [at, offset] of offsets.entries()) {
        const frame = await camera.capture(z0 + offset, mix(seed, index, at, light * 8));
        const add = (measure: string, value: number): void => {
          values.set(measure, [...(values.get(measure) ?? []), { offset, value }]);
        };
        for (const source of sources) {
          const { value, raw } = await source.read(frame);
          add(source.name, value);
          if (raw !== value) add(`${source.name}, before clamping`, raw);
        }
        for (const measure of FOCUS_MEASURES) add(measure, await focusMeasure(measure, frame));
      }
      for (const [measure, points] of values) own.push({ photo, light, measure, points });
      advance();
    }
    return own;
  });
  return curves.flat();
}

export function peakOf({ points }: StackCurve): number {
  return Math.max(...points.map(({ value }) => value));
}

export interface PeakRatios {
  readonly measure: string;
  /** Largest peak over smallest, of one scene over all lights: median and largest over the scenes. */
  readonly lights: { readonly median: number; readonly max: number };
  /** Of all scenes in normal light. */
  readonly scenes: number;
  /** Of all stacks. */
  readonly all: number;
}

/** The figures of every measure, in the order in which they were taken. */
export function peakRatios(curves: readonly StackCurve[]): PeakRatios[] {
  const ratio = (own: readonly StackCurve[]): number => {
    const peaks = own.map(peakOf);
    return Math.max(...peaks) / Math.min(...peaks);
  };
  return [...new Set(curves.map(({ measure }) => measure))].map((measure) => {
    const own = curves.filter((curve) => curve.measure === measure);
    const photos = [...new Set(own.map(({ photo }) => photo))];
    const lights = photos.map((photo) => ratio(own.filter((curve) => curve.photo === photo)));
    return {
      measure,
      lights: { median: median(lights), max: Math.max(...lights) },
      scenes: ratio(own.filter(({ light }) => light === 1)),
      all: ratio(own),
    };
  });
}
