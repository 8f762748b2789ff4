/** Rendering of defocus over layers (native/kernels/defocus/), with plain blurs and a recursive pull-push. */
import { image, type ImageF32, type ImageU8 } from "../../../src/core/image.ts";
import type { Roi } from "../../../src/core/roi.ts";
import { referenceDiskBlur } from "./blur.ts";

/** Colours times coverage and then coverage; undefined where nothing is known. */
type Node = readonly number[] | undefined;

interface Grid {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Node[];
}

function grid(width: number, height: number, node: (x: number, y: number) => Node): Grid {
  const nodes = Array.from({ length: width * height }, (_, at) => node(at % width, Math.floor(at / width)));
  return { width, height, nodes };
}

/** Means over the known nodes among 2x2. */
function halved(fine: Grid): Grid {
  return grid(Math.ceil(fine.width / 2), Math.ceil(fine.height / 2), (x, y) => {
    const known: (readonly number[])[] = [];
    for (const j of [2 * y, 2 * y + 1]) {
      for (const i of [2 * x, 2 * x + 1]) {
        const node = i < fine.width && j < fine.height ? fine.nodes[j * fine.width + i] : undefined;
        if (node !== undefined) known.push(node);
      }
    }
    return known[0]?.map((_, k) => known.reduce((sum, node) => sum + node[k]!, 0) / known.length);
  });
}

/** Unknown nodes from the filled coarser grid, bilinearly; zero where that has nothing either. */
function filled(fine: Grid, levels: number, planes: number): Grid {
  if (levels === 0) return fine;
  const coarse = filled(halved(fine), levels - 1, planes);
  const coarseAt = (x: number, y: number, k: number): number => {
    const i = Math.min(Math.max(x, 0), coarse.width - 1);
    const j = Math.min(Math.max(y, 0), coarse.height - 1);
    return coarse.nodes[j * coarse.width + i]?.[k] ?? 0;
  };
  return grid(fine.width, fine.height, (x, y) => {
    const own = fine.nodes[y * fine.width + x];
    if (own !== undefined) return own;
    // Where the node's centre lies between the centres of the coarser nodes.
    const [u, v] = [(x + 0.5) / 2 - 0.5, (y + 0.5) / 2 - 0.5];
    const [i, j] = [Math.floor(u), Math.floor(v)];
    const [s, t] = [u - i, v - j];
    return Array.from(
      { length: planes },
      (_, k) =>
        (1 - t) * ((1 - s) * coarseAt(i, j, k) + s * coarseAt(i + 1, j, k)) +
        t * ((1 - s) * coarseAt(i, j + 1, k) + s * coarseAt(i + 1, j + 1, k)),
    );
  });
}

function widened(layers: ImageU8, layer: number, margin: number): Roi {
  const places = Array.from(layers.data, (each, at) => ({ each, at })).filter(({ each }) => each === layer);
  const xs = places.map(({ at }) => at % layers.width);
  const ys = places.map(({ at }) => Math.floor(at / layers.width));
  const x = Math.max(0, Math.min(...xs) - margin);
  const y = Math.max(0, Math.min(...ys) - margin);
  return {
    x,
    y,
    width: Math.min(layers.width, Math.max(...xs) + 1 + margin) - x,
    height: Math.min(layers.height, Math.max(...ys) + 1 + margin) - y,
  };
}

const inside = ({ x, y, width, height }: Roi, i: number, j: number): boolean =>
  i >= x && i < x + width && j >= y && j < y + height;

const spreadOf = (radius: number): number => Math.max(0, Math.ceil(radius - 0.5)) + 1;

export function referenceRenderDefocus(
  picture: ImageF32,
  layers: ImageU8,
  radii: readonly number[],
): ImageF32 {
  const { width, height, channels } = picture;
  const present = [...new Set(layers.data)].sort((a, b) => a - b);
  const out = new Float32Array(picture.data.length);
  for (const layer of present) {
    const farthest = layer === present[0];
    const spread = spreadOf(radii[layer]!);
    const nearer = present.filter((each) => each > layer).map((each) => radii[each]!);
    const depth = Math.ceil(Math.max(0, ...nearer)) + spread;
    const whole = { x: 0, y: 0, width, height };
    const domain = farthest ? whole : widened(layers, layer, depth + spread);
    const limit = farthest ? whole : widened(layers, layer, depth);
    const reach = farthest ? Math.max(width, height) : depth;
    const levels = Math.max(2, Math.ceil(Math.log2(2 * reach)));

    const known = grid(domain.width, domain.height, (x, y) => {
      const at = (domain.y + y) * width + domain.x + x;
      if (layers.data[at]! > layer) return undefined;
      if (layers.data[at]! < layer) return new Array<number>(channels + 1).fill(0);
      return [...picture.data.subarray(at * channels, (at + 1) * channels), 1];
    });
    const patch = filled(known, levels, channels + 1);
    const planes = Array.from({ length: channels + 1 }, (_, k) => {
      const values = patch.nodes.map((node, at) => {
        const [x, y] = [domain.x + (at % domain.width), domain.y + Math.floor(at / domain.width)];
        return inside(limit, x, y) ? (node?.[k] ?? 0) : 0;
      });
      return referenceDiskBlur(
        image(domain.width, domain.height, 1, Float32Array.from(values)),
        radii[layer]!,
      );
    });
    for (let at = 0; at < domain.width * domain.height; at++) {
      const pixel = (domain.y + Math.floor(at / domain.width)) * width + domain.x + (at % domain.width);
      const cover = Math.min(1, planes[channels]!.data[at]!);
      for (let k = 0; k < channels; k++) {
        out[pixel * channels + k] = out[pixel * channels + k]! * (1 - cover) + planes[k]!.data[at]!;
      }
    }
  }
  return image(width, height, channels, out);
}
