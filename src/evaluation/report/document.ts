/** What a part of the evaluation has to say, before it is Markdown, SVG or JSON. */
import type { PlotSpec } from "./plot.ts";

export interface Table {
  readonly columns: readonly string[];
  /** Cells as they are to be read; null is a figure that there is none of. */
  readonly rows: readonly (readonly (string | number | null)[])[];
}

export interface Plot {
  /** Of the file, without ending; unique within the part. */
  readonly name: string;
  /** What it shows, one sentence: the text for those who cannot see it. */
  readonly caption: string;
  readonly spec: PlotSpec;
}

export interface Section {
  readonly heading: string;
  /** How the figures came about and what they mean; Markdown. */
  readonly text?: string;
  readonly tables?: readonly Table[];
  readonly plots?: readonly Plot[];
}

export interface PartReport {
  readonly title: string;
  /** What is measured and on what; Markdown. */
  readonly introduction: string;
  readonly sections: readonly Section[];
  /** The figures by name, for `--json`. */
  readonly figures: unknown;
}

/** A share as a percentage with one decimal. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** With so many decimals; a dash where it is not a number. */
export function fixed(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined || Number.isNaN(value) ? "-" : value.toFixed(digits);
}
