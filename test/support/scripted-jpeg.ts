/** Pictures with valid headers whose faces are written into their comment, and an engine that reads them there. */
import type { FaceAnalyser } from '#local/servers/rekognition/face-analyser.ts';
import { pictureOf, type ScriptedFace, scriptedAnalyser } from '../local/rekognition/scripted-faces.ts';
import { jpegOf } from './jpeg.ts';

const SIZE = { width: 1000, height: 500 };

export const scriptedJpeg = (faces: readonly ScriptedFace[], note = ''): Uint8Array =>
  jpegOf({ ...SIZE, salt: JSON.stringify({ faces, note }) });

export function scriptedJpegAnalyser(): FaceAnalyser {
  const scripted = scriptedAnalyser();
  return {
    ...scripted,
    analyse(bytes, options) {
      // The comment is the first segment: its length follows its marker, and includes itself.
      const length = (bytes[4] ?? 0) * 256 + (bytes[5] ?? 0);
      const text = Buffer.from(bytes.subarray(6, 4 + length)).toString('utf8');
      const faces = facesIn(text);
      const script =
        faces === undefined ? pictureOf([], { reason: 'not-a-picture' }) : pictureOf(faces, SIZE);
      return scripted.analyse(script, options);
    },
  };
}

function facesIn(text: string): readonly ScriptedFace[] | undefined {
  try {
    const { faces } = JSON.parse(text) as { faces?: readonly ScriptedFace[] };
    return Array.isArray(faces) ? faces : undefined;
  } catch {
    return undefined;
  }
}
