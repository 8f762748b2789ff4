/**
 * GFDF, step 3 (Qiu et al. 2019, section 3.2): removal of small regions from a binary map, first of its islands, then
 * of its holes. A region is a set of pixels connected by sides or corners (8-connectivity).
 *
 * Labels come from one raster scan that joins each pixel to its four earlier neighbours in a union-find forest with
 * path halving (Rosenfeld and Pfaltz 1966; Tarjan 1975), so the time is linear in the pixels for all practical shapes.
 */
import { type ImageU8, image } from "../../../core/image.ts";

/** A copy of the 0/1 `mask` in which no region of ones or of zeros has fewer than `area` pixels, islands first. */
export function removeSmallRegions(mask: ImageU8, area: number): ImageU8 {
  return invert(removeIslands(invert(removeIslands(mask, area)), area));
}

/** A copy of the 0/1 `mask` without the regions of ones that have fewer than `area` pixels. */
export function removeIslands(mask: ImageU8, area: number): ImageU8 {
  const { width, height, data } = mask;
  const { labels, parents } = labelRegions(data, width, height);
  const sizes = new Uint32Array(parents.length);
  for (const label of labels) {
    const root = find(parents, label);
    sizes[root] = (sizes[root] as number) + 1;
  }
  const kept = data.map((_, i) => {
    const label = labels[i] as number;
    return label > 0 && (sizes[find(parents, label)] as number) >= area ? 1 : 0;
  });
  return image(width, height, 1, kept);
}

function invert(mask: ImageU8): ImageU8 {
  return image(
    mask.width,
    mask.height,
    1,
    mask.data.map((value) => 1 - value),
  );
}

/** Label 0 is the background; every other label points towards the root of its region in `parents`. */
function labelRegions(
  mask: Uint8Array,
  width: number,
  height: number,
): { labels: Int32Array; parents: Int32Array } {
  const labels = new Int32Array(width * height);
  // A new label needs a pixel none of whose earlier neighbours is set, so at most one in four pixels, plus borders.
  const parents = new Int32Array(Math.ceil(width / 2) * Math.ceil(height / 2) + 1);
  let count = 1;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      if (mask[at] === 0) continue;
      let label = x > 0 ? (labels[at - 1] as number) : 0;
      if (y > 0) {
        const above = at - width;
        if (x > 0) label = join(parents, label, labels[above - 1] as number);
        label = join(parents, label, labels[above] as number);
        if (x + 1 < width) label = join(parents, label, labels[above + 1] as number);
      }
      if (label === 0) {
        label = count++;
        parents[label] = label;
      }
      labels[at] = label;
    }
  }
  return { labels, parents: parents.subarray(0, count) };
}

/** The label of the region that holds both; 0 counts as no label. */
function join(parents: Int32Array, a: number, b: number): number {
  if (b === 0 || a === b) return a;
  if (a === 0) return b;
  const rootA = find(parents, a);
  const rootB = find(parents, b);
  if (rootA < rootB) parents[rootB] = rootA;
  else parents[rootA] = rootB;
  return Math.min(rootA, rootB);
}

function find(parents: Int32Array, label: number): number {
  let at = label;
  for (let parent = parents[at] as number; parent !== at; parent = parents[at] as number) {
    const grand = parents[parent] as number;
    parents[at] = grand;
    at = grand;
  }
  return at;
}
