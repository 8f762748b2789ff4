/** Conversion of raw frames (native/kernels/pixels.h), a pixel at a time from the definition of each encoding. */
import type { RawFrame } from "../../../src/core/native/index.ts";

type Colour = readonly [red: number, green: number, blue: number];

const clip = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

/** Bytes a pixel. */
export const BYTES: Readonly<Record<string, number>> = {
  mono8: 1,
  "8UC1": 1,
  mono16: 2,
  rgb8: 3,
  bgr8: 3,
  rgba8: 4,
  bgra8: 4,
  rgb16: 6,
  bgr16: 6,
  yuv422: 2,
  uyvy: 2,
  yuv422_yuy2: 2,
  yuyv: 2,
  bayer_rggb8: 1,
  bayer_grbg8: 1,
  bayer_gbrg8: 1,
  bayer_bggr8: 1,
};

export const isWide = (encoding: string): boolean => encoding.endsWith("16");
export const isGray = (encoding: string): boolean => encoding.startsWith("mono") || encoding === "8UC1";
export const isYuv = (encoding: string): boolean => /yuv|uyvy|yuyv/.test(encoding);

/** The colour of a pixel in the depth of the encoding; three equal values for gray. */
export function referenceColour(frame: RawFrame, x: number, y: number): Colour {
  const { encoding } = frame;
  const value = (k: number): number => valueAt(frame, y, k);
  if (isGray(encoding)) return [value(x), value(x), value(x)];
  if (isYuv(encoding)) return yuvColour(frame, x, y);
  if (encoding.startsWith("bayer")) return bayerColour(frame, x, y);
  const order = encoding.replace(/\d+$/, "");
  const first = x * order.length;
  return [
    value(first + order.indexOf("r")),
    value(first + order.indexOf("g")),
    value(first + order.indexOf("b")),
  ];
}

/** Y of a pixel of a YUV frame. */
export function referenceY(frame: RawFrame, x: number, y: number): number {
  return valueAt(frame, y, 2 * x + (isUyvy(frame) ? 1 : 0));
}

const isUyvy = ({ encoding }: RawFrame): boolean => encoding === "uyvy" || encoding === "yuv422";

function valueAt(frame: RawFrame, row: number, k: number): number {
  const { data, step, isBigEndian } = frame;
  if (!isWide(frame.encoding)) return data[row * step + k]!;
  return new DataView(data.buffer, data.byteOffset).getUint16(row * step + 2 * k, !isBigEndian);
}

function yuvColour(frame: RawFrame, x: number, y: number): Colour {
  const pair = 4 * Math.floor(x / 2);
  const luma = (255 / 219) * (referenceY(frame, x, y) - 16);
  const [u, v] = isUyvy(frame) ? [0, 2] : [1, 3];
  const cb = valueAt(frame, y, pair + u) - 128;
  const cr = valueAt(frame, y, pair + v) - 128;
  return [clip(luma + 1.596027 * cr), clip(luma - 0.391762 * cb - 0.812968 * cr), clip(luma + 2.017232 * cb)];
}

/** Bilinear: the mean of the nearest pixels of each colour, mirrored about the edge pixels. */
function bayerColour(frame: RawFrame, x: number, y: number): Colour {
  const pattern = frame.encoding.slice("bayer_".length, -1);
  const reflect = (i: number, n: number): number => (n === 1 ? 0 : n - 1 - Math.abs(n - 1 - Math.abs(i)));
  const colourAt = (i: number, j: number): string => pattern[(Math.abs(j) % 2) * 2 + (Math.abs(i) % 2)]!;
  const mean = (colour: string): number => {
    if (colourAt(x, y) === colour) return valueAt(frame, y, x);
    const all: { distance: number; value: number }[] = [];
    for (let j = y - 1; j <= y + 1; j++) {
      for (let i = x - 1; i <= x + 1; i++) {
        if (colourAt(i, j) !== colour) continue;
        const value = valueAt(frame, reflect(j, frame.height), reflect(i, frame.width));
        all.push({ distance: Math.hypot(i - x, j - y), value });
      }
    }
    const nearest = Math.min(...all.map(({ distance }) => distance));
    const values = all.filter(({ distance }) => distance === nearest).map(({ value }) => value);
    return Math.floor(values.reduce((sum, value) => sum + value, 0) / values.length + 0.5);
  };
  return [mean("r"), mean("g"), mean("b")];
}
