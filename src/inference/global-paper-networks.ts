/**
 * The global step estimator of paper 1 (section 5.2, Table 1), and the focus discriminator in the same way: the weights
 * of PaperNetworks run over a whole frame, for all 512 x 512 patches of a grid at once.
 *
 * The networks in models/ are fully convolutional, so a frame gives the answers of all patches one trunk stride (128 px, the
 * discriminator's 64) apart, computed once. For strides in between, the frame is run again from other corners and the
 * answers are interleaved. That is what the dilated layers of Table 1 compute, offset by offset; training/train_paper.py
 * checks that the printed form agrees.
 */
import { patchGrid } from "../algorithms/rois/patch-grid.ts";
import { expected } from "../core/errors.ts";
import { crop, type ImageU8 } from "../core/image.ts";
import type { Pixels } from "../core/units.ts";
import type { Network } from "./onnx.ts";
import {
  openPaperNetworks,
  PAPER_PATCH,
  type DiscriminatorKind,
  type OpenPaperNetworks,
} from "./paper-models.ts";

export interface PaperMap {
  readonly rows: number;
  readonly cols: number;
  /** Distance between neighbouring patches, px. */
  readonly stride: Pixels;
  /** Top-left corner of the first patch, px: the grid is centred as patchGrid does. */
  readonly offsetX: Pixels;
  readonly offsetY: Pixels;
  /** |Z0 - Z| of each patch in steps; row-major, row 0 at the top. */
  readonly distance: Float32Array;
  readonly inFocusProbability: Float32Array;
}

/** Products of the strides of the layers. */
const TRUNK_STRIDES = { estimator: 128, discriminator: 64 } as const;

interface Axis {
  /** Where the first patch begins. */
  readonly offset: Pixels;
  readonly count: number;
  readonly length: Pixels;
}

export class GlobalPaperNetworks {
  readonly #networks: OpenPaperNetworks;

  private constructor(networks: OpenPaperNetworks) {
    this.#networks = networks;
  }

  /** @throws AutofocusError `model_missing`, `model_invalid`. */
  static async load(
    modelDirectory?: string,
    discriminator?: DiscriminatorKind,
  ): Promise<GlobalPaperNetworks> {
    return new GlobalPaperNetworks(await openPaperNetworks(modelDirectory, discriminator));
  }

  /** Lens whose steps the estimator speaks. */
  get lens(): string {
    return this.#networks.lens;
  }

  /**
   * @param gray One channel of camera values (after gamma), at least 512 x 512 px.
   * @param stride Distance between patches, px; multiples of 128 cost one pass over the frame.
   * @throws AutofocusError `invalid_image`, `invalid_input`, `inference_failed`.
   */
  async map(gray: ImageU8, stride: Pixels): Promise<PaperMap> {
    if (gray.channels !== 1)
      throw expected("invalid_image", "a gray picture", "map", `${gray.channels} channels`);
    const { rows, cols, offsetX, offsetY } = patchGrid(gray.width, gray.height, PAPER_PATCH, stride);
    const across = { offset: offsetX, count: cols, length: gray.width };
    const down = { offset: offsetY, count: rows, length: gray.height };
    const { estimator, discriminator, outputScale } = this.#networks;
    const raw = await sweep(estimator, TRUNK_STRIDES.estimator, gray, stride, across, down);
    const inFocusProbability = await sweep(
      discriminator,
      TRUNK_STRIDES.discriminator,
      gray,
      stride,
      across,
      down,
    );
    const distance = raw.map((value) => Math.max(0, value * outputScale));
    return { rows, cols, stride, offsetX, offsetY, distance, inFocusProbability };
  }

  /** Frees both networks. Safe to call twice. */
  dispose(): Promise<void> {
    return this.#networks.dispose();
  }
}

/** The answers of one network for all patches of the grid. */
async function sweep(
  network: Network,
  trunkStride: Pixels,
  gray: ImageU8,
  stride: Pixels,
  across: Axis,
  down: Axis,
): Promise<Float32Array> {
  const answers = new Float32Array(across.count * down.count);
  for (const y of corners(down, stride, trunkStride)) {
    for (const x of corners(across, stride, trunkStride)) {
      const width = span(across.length - x, trunkStride);
      const height = span(down.length - y, trunkStride);
      const { data } = crop(gray, { x, y, width, height });
      const outputs = await network.run({ patch: { data, dims: [1, 1, height, width] } });
      const found = Object.values(outputs)[0] ?? new Float32Array();
      const foundCols = (width - PAPER_PATCH) / trunkStride + 1;
      found.forEach((value, at) => {
        const col = (x + (at % foundCols) * trunkStride - across.offset) / stride;
        const row = (y + Math.floor(at / foundCols) * trunkStride - down.offset) / stride;
        if (Number.isInteger(col) && Number.isInteger(row)) answers[row * across.count + col] = value;
      });
    }
  }
  return answers;
}

/** The first patch of each set of patches that lie whole trunk strides apart. */
function corners({ offset, count }: Axis, stride: Pixels, trunkStride: Pixels): Pixels[] {
  const first = new Map<number, Pixels>();
  for (let k = 0; k < count; k++) {
    const residue = (k * stride) % trunkStride;
    if (!first.has(residue)) first.set(residue, offset + k * stride);
  }
  return [...first.values()];
}

/** The longest side up to `length` that holds whole strides. */
function span(length: Pixels, trunkStride: Pixels): Pixels {
  return length - ((length - PAPER_PATCH) % trunkStride);
}
