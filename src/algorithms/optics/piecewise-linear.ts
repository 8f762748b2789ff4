/** A function of the focus position given as a table, linear between its entries and constant beyond its ends. */
import type { Steps } from "../../core/units.ts";
import { cellOf, fraction } from "./lens-grid.ts";

export interface TableEntry {
  readonly position: Steps;
  readonly value: number;
}

/** @param table at least one entry, positions ascending. */
export function piecewiseLinear(table: readonly TableEntry[]): (position: Steps) => number {
  const positions = Float64Array.from(table, (entry) => entry.position);
  const values = Float64Array.from(table, (entry) => entry.value);
  if (table.length === 1) return () => values[0] as number;
  return (position) => {
    const cell = cellOf(positions, position);
    const share = fraction(positions, cell, position);
    return (values[cell] as number) + share * ((values[cell + 1] as number) - (values[cell] as number));
  };
}
