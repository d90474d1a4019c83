/** Frames of a crowd: photographs of thirty people in a grid, each about the size seen by a camera above a door. */
import sharp from 'sharp';
import { seededRandom } from '#sim/random.ts';

export const CROWD_WIDTH = 1280;
export const CROWD_HEIGHT = 720;

const COLUMNS = 6;
const ROWS = 5;
export const CROWD_FACES = COLUMNS * ROWS;

/** The side of a photograph in pixels; the face is about half of it. */
const SIDE = 120;
const BACKDROP = { r: 196, g: 203, b: 209 };
const JPEG_QUALITY = 86;

/** So many different frames of the first thirty photographs, each shifted within its cell. */
export async function crowdFrames(photographs: readonly Uint8Array[], count: number): Promise<Uint8Array[]> {
  const random = seededRandom('crowd');
  const faces = await Promise.all(
    photographs.slice(0, CROWD_FACES).map((photograph) => sharp(photograph).resize(SIDE, SIDE).toBuffer()),
  );
  if (faces.length < CROWD_FACES) throw new Error(`a crowd is ${CROWD_FACES} people, not ${faces.length}`);
  const [cellWidth, cellHeight] = [Math.floor(CROWD_WIDTH / COLUMNS), Math.floor(CROWD_HEIGHT / ROWS)];
  return Promise.all(
    Array.from({ length: count }, () => {
      const people = faces.map((input, index) => ({
        input,
        left: (index % COLUMNS) * cellWidth + random.between(0, cellWidth - SIDE),
        top: Math.floor(index / COLUMNS) * cellHeight + random.between(0, cellHeight - SIDE),
      }));
      const create = { width: CROWD_WIDTH, height: CROWD_HEIGHT, channels: 3, background: BACKDROP } as const;
      return sharp({ create }).composite(people).jpeg({ quality: JPEG_QUALITY }).toBuffer();
    }),
  );
}
