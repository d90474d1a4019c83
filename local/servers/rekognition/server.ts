/**
 * A Rekognition that unmodified AWS clients talk to: face collections with users, over a face engine that is given to
 * it, with its state in SQLite.
 *
 * It keeps what callers build on: defaults, limits and refusals as on AWS, a user that is found a little after its faces
 * were associated and not at once, a picture too many refused instead of queued without end.
 */
import { similarityOf as similarityOfModel } from '#vision/embed/similarity.ts';
import { type Account, LOCAL_ACCOUNT } from '../wire/account.ts';
import { type Clock, systemClock } from '../wire/clock.ts';
import { closable } from '../wire/closable.ts';
import { openDatabase } from '../wire/database.ts';
import { type Server, serve } from '../wire/http-server.ts';
import { handleJson, type JsonService } from '../wire/json-service.ts';
import { createAdmission } from './admission.ts';
import { type Calls, countCalls } from './calls.ts';
import { openCollections } from './collections.ts';
import { invalidInput } from './errors.ts';
import type { FaceAnalyser } from './face-analyser.ts';
import { openFaces } from './faces.ts';
import { FACES_PER_COLLECTION_MAX, PICTURES_MAX, USER_READY_MS, USERS_PER_COLLECTION_MAX } from './limits.ts';
import { operationsOf } from './operations/index.ts';
import type { Delays, Quotas } from './rekognition.ts';
import { SCHEMA } from './schema.ts';
import { openTokens } from './tokens.ts';
import { openUsers } from './users.ts';

export interface RekognitionOptions {
  /** What finds faces. It outlives the server: whoever made it closes it. */
  readonly faces: FaceAnalyser;
  /** Any free one when not given. */
  readonly port?: number;
  /** Where the state is kept; in memory when not given. */
  readonly dataDir?: string | undefined;
  readonly clock?: Clock;
  readonly account?: Account;
  /** Of two vectors of the engine's model: 0 to 100, from their cosine; that of `vision/` when not given. */
  readonly similarityOf?: (cosine: number) => number;
  /** Pictures under way or waiting at a time. */
  readonly picturesMax?: number;
  readonly quotas?: Partial<Quotas>;
  readonly delays?: Partial<Delays>;
}

export interface RekognitionServer extends Server {
  /** Answered calls so far, by operation. */
  calls(): Calls;
}

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
      tokens: openTokens(db, () => clock.nowMs()),
      wipe: () => void checkpoint.get(),
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
