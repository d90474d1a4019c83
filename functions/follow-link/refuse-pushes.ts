/**
 * Refuses further pushes by the link that every push carries. The page that asks changes nothing, because mail scanners and
 * link previews open addresses; the button does. The holder of a link can refuse for the customer and nothing else.
 */
import type { PersonStore } from '#application/ports/person-store.ts';
import type { PushDecisionStore } from '#application/ports/push-decision-store.ts';
import { isPushToken } from './follow-link.ts';

export interface RefusePushesPorts {
  readonly pushDecisions: Pick<PushDecisionStore, 'byToken'>;
  readonly people: Pick<PersonStore, 'addConsent'>;
  readonly nowMs: () => number;
}

/** Records that the customer of a push refuses pushes; `unknown` where there is no such push or customer any more. */
export async function refusePushes(
  { pushDecisions, people, nowMs }: RefusePushesPorts,
  token: string,
): Promise<'refused' | 'unknown'> {
  const decision = isPushToken(token) ? await pushDecisions.byToken(token) : undefined;
  if (decision === undefined) return 'unknown';
  const atMs = nowMs();
  const kept = await people.addConsent(decision.personId, {
    purpose: 'push',
    isGranted: false,
    proof: `the link of a push of campaign ${decision.campaignId}`,
    source: 'push link',
    atMs,
    receivedAtMs: atMs,
  });
  return kept.kind === 'gone' ? 'unknown' : 'refused';
}
