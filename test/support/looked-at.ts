/**
 * People processed by the real flows over a real collection: the billed calls are those that the server answered. Time is
 * set by the test, so two frames half a second apart are exactly that, however slow the engine.
 */
import { CreateCollectionCommand } from '@aws-sdk/client-rekognition';
import { rekognitionClient } from '#adapters/rekognition/client.ts';
import { rekognitionFaceIndex } from '#adapters/rekognition/face-index.ts';
import { identifyBestShot } from '#application/faces/identify-best-shot.ts';
import type { FaceIndex } from '#application/ports/face-index.ts';
import type { FaceNotice } from '#contracts/http/frames.ts';
import type { DeviceId } from '#domain/chain/ids.ts';
import type { FaceMode } from '#domain/chain/law-settings.ts';
import { mergeUsers } from '#functions/purge-faces/merge-users.ts';
import { recogniseFaces } from '#functions/recognise-faces/recognise-faces.ts';
import { reportingSensors } from '#functions/shared/reporting-sensors.ts';
import type { FaceAnalyser } from '#local/servers/rekognition/face-analyser.ts';
import { startRekognition } from '#local/servers/rekognition/server.ts';
import { SZ01 } from './chain.ts';
import { CAM, permissionsIn, START_MS } from './face-world.ts';
import { memoryFaceStore } from './memory-face-store.ts';
import { memoryLog } from './memory-log.ts';
import { steppedClock } from './stepped-clock.ts';

export interface LookedAt {
  /** Completed calls so far, by operation. */
  calls(): Readonly<Record<string, number>>;
  /** Delayed notices so far. */
  notices(): number;
  /** Users stored, and vectors: one of each user and one of each face. */
  kept(): Promise<{ readonly users: number; readonly vectors: number }>;
  advance(ms: number): Promise<void>;
  /** Enrols a member with consent, by one photograph. */
  agree(memberNo: string, photograph: Uint8Array): Promise<void>;
  frame(bytes: Uint8Array): Promise<void>;
  crop(bytes: Uint8Array, track: string): Promise<void>;
  /** Merges users with enough evidence, like the queue's consumer. */
  merge(): Promise<void>;
  close(): Promise<void>;
}

const CollectionId = 'faces';
const CALLS_MAX = 1_000_000;
const MATCH_MIN = 98;

export async function lookedAt(faces: FaceAnalyser, mode: Exclude<FaceMode, 'off'>): Promise<LookedAt> {
  const clock = steppedClock(START_MS);
  const server = await startRekognition({ faces, clock });
  const client = rekognitionClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await client.send(new CreateCollectionCommand({ CollectionId }));
  const index: FaceIndex = rekognitionFaceIndex(client, CollectionId);
  const store = memoryFaceStore();
  const log = memoryLog();
  const sent: FaceNotice[] = [];
  const nowMs = () => clock.nowMs();
  const ports = {
    index,
    store,
    log,
    nowMs,
    notices: { send: async (notice: FaceNotice) => void sent.push(notice) },
    pauses: { pause: async () => {}, random: () => 0 },
    sensor: async () => CAM,
    reported: reportingSensors(),
  };
  const permissions = permissionsIn(mode);
  let merged = 0;
  return {
    calls: server.calls,
    notices: () => sent.length,
    async kept() {
      let [users, vectors] = [0, 0];
      for await (const { faceIds } of store.allUsers()) {
        users += 1;
        vectors += 1 + faceIds.length;
      }
      return { users, vectors };
    },
    advance: (ms) => clock.advance(ms),
    async agree(memberNo, photograph) {
      const indexed = await index.index(photograph, `agreed-${memberNo}`, 1);
      const faceIds = indexed.kind === 'indexed' ? indexed.faces.map(({ faceId }) => faceId) : [];
      const userId = `m.${memberNo}`;
      await store.enrol({
        userId,
        kind: 'member',
        storeId: SZ01.storeId,
        enrolledAtMs: nowMs(),
        lastSeenAtMs: nowMs(),
        faceIds,
        seenOn: [],
        consent: { proof: 'form 1', grantedAtMs: nowMs() },
      });
      await index.createUser(userId);
      for (const faceId of faceIds) await index.associate(userId, faceId, MATCH_MIN);
    },
    async frame(bytes) {
      const frame = { cameraId: CAM.sensorId, atMs: nowMs(), bytes };
      const outcome = await recogniseFaces(ports, SZ01, 'cam-key' as DeviceId, permissions, CALLS_MAX, frame);
      if (outcome.kind === 'rejected') throw new Error(`a frame was rejected: ${outcome.problem.detail}`);
    },
    async crop(bytes, track) {
      await identifyBestShot(ports, SZ01, permissions, CALLS_MAX, { bytes, track, atMs: nowMs() });
    },
    async merge() {
      for (const notice of sent.slice(merged)) {
        if (notice.kind === 'merge') await mergeUsers(ports, notice);
      }
      merged = sent.length;
    },
    async close() {
      client.destroy();
      await server.close();
    },
  };
}
