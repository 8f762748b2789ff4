/**
 * Shapes of an aperture, and so of a defocused point: convex outlines around the origin, all of the area of the unit disk
 * (pi), so that "radius r" means as much blur in each.
 */

/** A convex shape, known by where horizontal lines cross it. */
export interface Aperture {
  /** It lies within this distance of the origin, in either direction. */
  readonly reach: number;
  /** Where the line at height `y` enters and leaves it; undefined where it misses. */
  chord(y: number): readonly [left: number, right: number] | undefined;
}

/** No polygon of five or more sides reaches farther. */
export const LARGEST_REACH = 1.16;

/** The disk of paper 1, Eq. 4. */
export const DISK: Aperture = {
  reach: 1,
  chord: (y) => {
    if (Math.abs(y) >= 1) return undefined;
    const half = Math.sqrt(1 - y * y);
    return [-half, half];
  },
};

/**
 * A regular polygon, as straight aperture blades leave it.
 * @param blades at least 3.
 * @param turn radians.
 */
export function polygon(blades: number, turn: number): Aperture {
  // Area of a regular polygon with the distance `apothem` to its sides: blades * apothem^2 * tan(pi / blades).
  const apothem = Math.sqrt(Math.PI / (blades * Math.tan(Math.PI / blades)));
  const sides = Array.from({ length: blades }, (_, side) => {
    const angle = turn + (2 * Math.PI * side) / blades;
    return { nx: Math.cos(angle), ny: Math.sin(angle) };
  });
  return {
    reach: apothem / Math.cos(Math.PI / blades),
    chord: (y) => {
      let [left, right] = [-Infinity, Infinity];
      for (const { nx, ny } of sides) {
        // Inside: nx * x + ny * y <= apothem.
        const rest = apothem - ny * y;
        if (Math.abs(nx) < 1e-12) {
          if (rest < 0) return undefined;
        } else if (nx > 0) right = Math.min(right, rest / nx);
        else left = Math.max(left, rest / nx);
      }
      return left < right ? [left, right] : undefined;
    },
  };
}
