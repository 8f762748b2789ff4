/** What paper 1 reports of its searches (section 6.1.3): Tables 2, 4 and 5. */
import type { Steps } from "../../core/units.ts";

/** Where the lens started, in every table. */
export const STARTS = [1100, 1400, 1700, 2000] as const;

/** One figure for each of `STARTS`. */
type AtStarts = readonly [number, number, number, number];

/** The light in which the paper's camera was calibrated, and two in which its pictures were dimmer and noisier. */
export const LIGHT_NAMES = ["lamp", "bulb", "natural"] as const;
export type LightName = (typeof LIGHT_NAMES)[number];

export interface PaperObject {
  readonly name: string;
  /** Where it is sharp. */
  readonly z0: Steps;
  /** Table 2: where the paper's search ended. */
  readonly finals: Readonly<Record<LightName, AtStarts>>;
}

/** Table 2. */
export const OBJECTS: readonly PaperObject[] = [
  {
    name: "Plant",
    z0: 1600,
    finals: {
      lamp: [1611, 1607, 1599, 1619],
      bulb: [1610, 1582, 1598, 1609],
      natural: [1613, 1589, 1587, 1605],
    },
  },
  {
    name: "Toy",
    z0: 1800,
    finals: {
      lamp: [1813, 1813, 1803, 1808],
      bulb: [1820, 1832, 1823, 1830],
      natural: [1801, 1832, 1812, 1816],
    },
  },
  {
    name: "Books",
    z0: 1300,
    finals: {
      lamp: [1298, 1306, 1301, 1321],
      bulb: [1358, 1304, 1289, 1318],
      natural: [1305, 1292, 1325, 1353],
    },
  },
  {
    name: "Doll",
    z0: 1450,
    finals: {
      lamp: [1453, 1464, 1430, 1454],
      bulb: [1461, 1465, 1472, 1471],
      natural: [1448, 1466, 1481, 1452],
    },
  },
  {
    name: "Bottle",
    z0: 1750,
    finals: {
      lamp: [1740, 1746, 1731, 1756],
      bulb: [1741, 1735, 1738, 1763],
      natural: [1749, 1756, 1732, 1741],
    },
  },
];

export interface PaperTarget {
  readonly name: string;
  readonly z0: Steps;
  /** Time steps of the rule-based search and, from each start, of the proposed one; Fibonacci took 13 everywhere. */
  readonly ruleBased: number;
  readonly proposed: AtStarts;
}

export const FIBONACCI_STEPS = 13;

/** Table 4 (images), then Table 5 (objects). */
export const TARGETS: readonly PaperTarget[] = [
  { name: "Street1", z0: 1570, ruleBased: 63, proposed: [1, 1, 2, 1] },
  { name: "Street2", z0: 1310, ruleBased: 44, proposed: [1, 2, 3, 3] },
  { name: "Building1", z0: 1150, ruleBased: 37, proposed: [1, 2, 2, 3] },
  { name: "Building2", z0: 1850, ruleBased: 71, proposed: [2, 1, 1, 1] },
  { name: "Building3", z0: 1590, ruleBased: 65, proposed: [1, 1, 2, 3] },
  { name: "Tiger", z0: 1390, ruleBased: 50, proposed: [1, 0, 2, 2] },
  { name: "Eagle", z0: 1280, ruleBased: 46, proposed: [1, 2, 1, 2] },
  { name: "Scenery", z0: 1950, ruleBased: 62, proposed: [1, 2, 1, 1] },
  { name: "Indoor1", z0: 1890, ruleBased: 87, proposed: [3, 2, 1, 1] },
  { name: "Indoor2", z0: 1530, ruleBased: 61, proposed: [1, 1, 2, 3] },
  { name: "Toy1", z0: 1830, ruleBased: 46, proposed: [2, 2, 1, 2] },
  { name: "Box1", z0: 1360, ruleBased: 47, proposed: [1, 2, 1, 1] },
  { name: "Box2", z0: 1410, ruleBased: 51, proposed: [1, 0, 3, 1] },
  { name: "Cup", z0: 1580, ruleBased: 64, proposed: [2, 1, 2, 1] },
  { name: "Bag", z0: 1240, ruleBased: 39, proposed: [1, 2, 1, 5] },
  { name: "Plant", z0: 1560, ruleBased: 62, proposed: [1, 1, 2, 3] },
  { name: "Book", z0: 1260, ruleBased: 40, proposed: [1, 2, 1, 2] },
  { name: "3D Printing", z0: 1300, ruleBased: 43, proposed: [1, 1, 1, 2] },
];
