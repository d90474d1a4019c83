/**
 * A Rekognition server for unmodified AWS clients: face collections with users, over a face engine passed to
 * it, with its state in SQLite.
 *
 * It has the behaviour that consumers build on: AWS's defaults, limits and errors; a user is found with a
 * delay after its faces were associated; and a picture beyond the limit is rejected instead of queued.
 */
import { similarityOf as similarityOfModel } from '#vision/embed/similarity.ts';
import { type Account, LOCAL_ACCOUNT } from '../wire/account.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { closable } from '../wire/closable.ts';
import { openDatabase } from '../wire/database.ts';
import { type Server, serve } from '../wire/http-server.ts';
import { handleJson, type JsonService } from '../wire/json-service.ts';
import { createAdmission } from './admission.ts';
import { type CallCounts, countCalls } from './call-counts.ts';
import { openCollections } from './collections.ts';
import { invalidInput } from './errors.ts';
import type { FaceAnalyser } from './face-analyser.ts';
import { openFaces } from './faces.ts';
import { FACES_PER_COLLECTION_MAX, PICTURES_MAX, USER_READY_MS, USERS_PER_COLLECTION_MAX } from './limits.ts';
import { operationsOf } from './operations/index.ts';
import type { Delays, Quotas } from './rekognition.ts';
import { openRequestTokens } from './request-tokens.ts';
import { SCHEMA } from './schema.ts';
import { openUsers } from './users.ts';

export interface RekognitionOptions {
  /** The face engine. The caller closes it after the server. */
  readonly faces: FaceAnalyser;
  /** Any free port by default. */
  readonly port?: number;
  /** The folder of the state, which is in memory by default. */
  readonly dataDir?: string | undefined;
  readonly clock?: Clock;
  readonly account?: Account;
  /** Returns the similarity, 0 to 100, of two vectors from their cosine; by default that of `vision/`. */
  readonly similarityOf?: (cosine: number) => number;
  /** Limit of pictures at a time, processing or waiting. */
  readonly picturesMax?: number;
  readonly quotas?: Partial<Quotas>;
  readonly delays?: Partial<Delays>;
}

export interface RekognitionServer extends Server {
  /** Returns the number of successful calls so far, by operation. */
  calls(): CallCounts;
}

/** Starts the server. @throws where the port is taken or the folder cannot be written. */
export async function startRekognition({
  faces,
  similarityOf = similarityOfModel,
  port = 0,
  dataDir,
  clock = systemClock,
  account = LOCAL_ACCOUNT,
  picturesMax = PICTURES_MAX,
  quotas = {},
  delays = {},
}: RekognitionOptions): Promise<RekognitionServer> {
  await using resources = new AsyncDisposableStack();
  const db = resources.adopt(openDatabase(dataDir, 'rekognition.sqlite', SCHEMA), (open) => open.close());
  const checkpoint = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)');
  const { operations, calls } = countCalls(
    operationsOf({
      account,
      clock,
      faces,
      similarityOf,
      admission: createAdmission(picturesMax),
      quotas: {
        facesPerCollectionMax: FACES_PER_COLLECTION_MAX,
        usersPerCollectionMax: USERS_PER_COLLECTION_MAX,
        ...quotas,
      },
      delays: { userReadyMs: USER_READY_MS, faceReadyMs: 0, ...delays },
      collections: openCollections(db),
      storedFaces: openFaces(db),
      users: openUsers(db),
      requestTokens: openRequestTokens(db, () => clock.nowMs()),
      truncateLog: () => void checkpoint.get(),
    }),
  );
  const service: JsonService = {
    version: '1.1',
    target: 'RekognitionService.',
    operations,
    toError: invalidInput,
  };
  const server = resources.use(await serve(port, (request) => handleJson(service, request)));
  return closable({ url: server.url, port: server.port, calls }, resources);
}
