/** Rectangles of a picture, and how far two of them overlap. */
export interface Box {
  /** Pixels of the picture; may be negative, a face at the edge reaches beyond it. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Returns the area of a box, in square pixels. */
export function areaOf({ width, height }: Pick<Box, 'width' | 'height'>): number {
  return width * height;
}

/** Returns intersection over union, 0..1: 0 for disjoint boxes, 1 for equal ones. */
export function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
  const height = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
  if (width <= 0 || height <= 0) return 0;
  const intersection = width * height;
  return intersection / (areaOf(a) + areaOf(b) - intersection);
}
