/**
 * Claims counts of doors. What a count adds depends on the counts of its sensor around it, so counts of one sensor are claimed
 * in the order of the log; those with lower sequence numbers are the same however often the log delivers one.
 */
import { mapConcurrent } from '#application/support/concurrency.ts';
import type { StoreId } from '#domain/chain/ids.ts';
import { doorCountOf, PASSAGE_MS_MAX } from '#domain/place/figures/door-counts.ts';
import { factName } from '#domain/place/figures/fact-key.ts';
import {
  type Claimed,
  type ClaimOutcome,
  type ClaimPorts,
  claim,
  type LoggedFact,
  storeDeadLetter,
  summaryOf,
} from './claim.ts';
import { conflictOfPassage, passageOfStoredFact, replacingPassage } from './fact-of-event.ts';

const SENSORS_AT_ONCE_MAX = 16;

/** Only receipts have the same name on other days. */
const NO_NEIGHBOURS = new Map<string, never>();

/** Claims the counts of doors of one store. */
export async function claimPassages(ports: ClaimPorts, run: readonly LoggedFact[]): Promise<Claimed> {
  const bySensor = Map.groupBy(run, ({ fact }) => `${fact.day} ${fact.passage?.sensorId}`);
  const claimed = await mapConcurrent([...bySensor.values()], SENSORS_AT_ONCE_MAX, (ofSensor) =>
    mapConcurrent(ofSensor, 1, (one) => claimPassage(ports, one)),
  );
  return summaryOf(claimed.flat());
}

async function claimPassage(ports: ClaimPorts, logged: LoggedFact): Promise<ClaimOutcome> {
  const { record, id, fact } = logged;
  const { passage } = fact;
  if (passage === undefined) throw new Error(`${id} is not a count of a door`);
  const { sensorId, startedAt, endedAtMs } = passage;
  const around = await ports.facts.between(
    record.key as StoreId,
    fact.day,
    factName.passage(sensorId, startedAt.instantMs - PASSAGE_MS_MAX),
    factName.passage(sensorId, endedAtMs),
  );
  const before = around.filter(({ sequence }) => sequence < record.sequence).map(passageOfStoredFact);
  const count = doorCountOf(passage, before);
  switch (count.kind) {
    case 'known':
      return { kind: 'duplicate' };
    case 'counted':
      return claim(
        ports,
        count.replaced === undefined ? logged : { ...logged, fact: replacingPassage(fact, count.replaced) },
        NO_NEIGHBOURS,
      );
    case 'conflict': {
      await storeDeadLetter(
        ports,
        record,
        'conflict',
        `the door count ${id} is not counted: ${count.reason}`,
      );
      const known = await claim(ports, { ...logged, fact: conflictOfPassage(fact) }, NO_NEIGHBOURS);
      return known.kind === 'accepted' ? { ...known, kind: 'excluded' } : known;
    }
  }
}
