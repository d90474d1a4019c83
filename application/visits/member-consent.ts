/**
 * Whether a member has consented to the use of their face, which a device asks before it may report a member that it matched
 * itself. The register and the app record consents with the customer, an enrolment by photograph with the face; a refusal at
 * either place counts.
 */
import { type Consent, hasConsent } from '#domain/people/customers/consent.ts';
import { identifierOf } from '#domain/people/customers/customer.ts';
import { type FaceUser, memberUserId } from '#domain/people/faces/face-user.ts';
import type { FaceUserStore } from '../ports/face-user-store.ts';
import type { PersonStore } from '../ports/person-store.ts';

export interface MemberConsentPorts {
  readonly people: Pick<PersonStore, 'find' | 'consents'>;
  readonly faces: Pick<FaceUserStore, 'users'>;
}

/** Returns whether the newest word of a member about faces, as of a time, is a consent; without any word it is not. */
export async function hasMemberFaceConsent(
  { people, faces }: MemberConsentPorts,
  member: string,
  atMs: number,
): Promise<boolean> {
  const identifier = identifierOf('member', member);
  const userId = memberUserId('member', member);
  if (identifier === undefined || userId === undefined) return false;
  const [personId, [user]] = await Promise.all([people.find(identifier), faces.users([userId])]);
  const consents = personId === undefined ? [] : await people.consents(personId);
  return hasConsent([...consents, ...enrolmentConsents(user)], 'face', atMs);
}

/** Returns the grant of an enrolment by photograph, and its withdrawal. */
function enrolmentConsents(user: FaceUser | undefined): Consent[] {
  if (user?.consent === undefined) return [];
  const { proof, grantedAtMs, withdrawnAtMs } = user.consent;
  const base = { purpose: 'face', proof, source: 'enrolment' } as const;
  return [
    { ...base, isGranted: true, atMs: grantedAtMs },
    ...(withdrawnAtMs === undefined ? [] : [{ ...base, isGranted: false, atMs: withdrawnAtMs }]),
  ];
}
