/** Units of measure that occur in signatures. They are plain numbers; the names say what is meant. */

/** A focus position or a distance between two, in motor steps. Larger is nearer for a lens that says so in its file. */
export type Steps = number;

/** A length in pixels of the frame it is measured in. */
export type Pixels = number;

/** A duration or a point in time, in milliseconds. */
export type Milliseconds = number;

/** Reciprocal metres. */
export type Dioptres = number;
