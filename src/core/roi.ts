/** Rectangles in a frame, in whole pixels; `x`, `y` is the top-left corner. */
export interface Roi {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The part common to both, or undefined where they do not meet. */
export function intersect(a: Roi, b: Roi): Roi | undefined {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/**
 * The central part of a frame: `fraction` of either side, but at least `least` px where the frame has them.
 * `centralRoi(w, h, 0.5, 512)` is the default focus window.
 */
export function centralRoi(frameWidth: number, frameHeight: number, fraction: number, least = 1): Roi {
  const side = (frame: number): number => Math.min(frame, Math.max(least, Math.round(frame * fraction)));
  const width = side(frameWidth);
  const height = side(frameHeight);
  return {
    x: Math.floor((frameWidth - width) / 2),
    y: Math.floor((frameHeight - height) / 2),
    width,
    height,
  };
}
