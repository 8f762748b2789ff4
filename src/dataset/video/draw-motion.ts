/** How training scenes move: as a whole, by a pan with a hand's tremor, and by things in it that bend and sway. */
import { image } from "../../core/image.ts";
import type { Flow } from "../../core/native/index.ts";
import { normal, uniform, uniformInt, type Random } from "../../core/random.ts";
import type { Pixels } from "../../core/units.ts";
import type { Framing } from "../../drivers/simulator/drifting-scene.ts";

export interface Area {
  readonly width: Pixels;
  readonly height: Pixels;
}

/** Share of scenes whose camera stands still, and of things that do. */
const STILL = 0.3;
/** Share of scenes where nothing bends. */
const RIGID = 0.5;
/** Fastest pan, tremor, and largest bend, shares of the width of the frame. */
const FASTEST_PAN = 0.02;
const TREMOR = 0.004;
const BEND = 0.03;
const MOST_BENDS = 5;
/** Sway is this fast, radians from frame to frame. */
const SLOWEST_SWAY = 0.1;
const FASTEST_SWAY = 0.8;
/** Fastest zoom from frame to frame. */
const FASTEST_ZOOM = 0.006;
/** Side of the cells that bending is given for, px. */
const CELL = 8;

/** px from frame to frame; slow ones are as frequent as fast ones on a logarithmic scale. */
export function drawSpeed(width: Pixels, fastest: number, random: Random): readonly [number, number] {
  if (random.next() < STILL) return [0, 0];
  const speed = width * fastest * Math.exp(-uniform(random, 0, Math.log(50)));
  const angle = uniform(random, 0, 2 * Math.PI);
  return [speed * Math.cos(angle), speed * Math.sin(angle)];
}

/** A way of the frame over a larger picture, begun in its middle; by number of the frame. */
export function drawFraming(frame: Area, picture: Area, random: Random): (index: number) => Framing {
  const [vx, vy] = drawSpeed(frame.width, FASTEST_PAN, random);
  const moves = vx !== 0 || vy !== 0;
  const strength = moves ? frame.width * TREMOR * random.next() : 0;
  const tremor = Array.from({ length: 4 }, () => ({
    pace: uniform(random, 0.5, 2.5),
    phase: uniform(random, 0, 2 * Math.PI),
    x: strength * normal(random),
    y: strength * normal(random),
  }));
  const zoom = moves ? FASTEST_ZOOM * normal(random) * 0.5 : 0;
  return (index) => {
    const size = Math.exp(zoom * index);
    let x = (picture.width - frame.width / size) / 2 + vx * index;
    let y = (picture.height - frame.height / size) / 2 + vy * index;
    for (const { pace, phase, x: across, y: down } of tremor) {
      x += across * Math.sin(pace * index + phase);
      y += down * Math.cos(pace * index + phase);
    }
    return { x, y, size };
  };
}

/** Parts of the frame that sway; by number of the frame. */
export function drawBend({ width, height }: Area, random: Random): (index: number) => Flow {
  const count = random.next() < RIGID ? 0 : uniformInt(random, 1, MOST_BENDS);
  const swaying = Array.from({ length: count }, () => ({
    x: uniform(random, 0, width),
    y: uniform(random, 0, height),
    reach: uniform(random, 0.08, 0.25) * width,
    across: width * BEND * random.next() * normal(random),
    down: width * BEND * random.next() * normal(random),
    pace: uniform(random, SLOWEST_SWAY, FASTEST_SWAY),
    phase: uniform(random, 0, 2 * Math.PI),
  }));
  const columns = count === 0 ? 1 : Math.ceil(width / CELL);
  const rows = count === 0 ? 1 : Math.ceil(height / CELL);
  return (index) => {
    const dx = new Float32Array(columns * rows);
    const dy = new Float32Array(columns * rows);
    for (let at = 0; at < dx.length; at++) {
      const x = ((at % columns) + 0.5) * CELL;
      const y = (Math.floor(at / columns) + 0.5) * CELL;
      for (const each of swaying) {
        const share = Math.exp(-((x - each.x) ** 2 + (y - each.y) ** 2) / (2 * each.reach ** 2));
        dx[at]! += share * each.across * Math.sin(each.pace * index + each.phase);
        dy[at]! += share * each.down * Math.cos(each.pace * index + each.phase);
      }
    }
    return { dx: image(columns, rows, 1, dx), dy: image(columns, rows, 1, dy) };
  };
}
