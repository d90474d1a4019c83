/** How long a store may keep the faces of each kind of user on a day, and the proofs of their consents. */
import type { BusinessDay } from '../chain/business-day.ts';
import { barsOf, countryOf, type LawSubject, permissionsOf } from './compile.ts';
import type { CloudLocation } from './countries.ts';
import { clausesOn, fewest } from './pack.ts';
import { PACKS } from './packs.ts';

export interface Retention {
  /** Days without a visit; 0 deletes at once. */
  readonly visitorDays: number;
  /** Days without a visit, or since the consent; absent for a store without a jurisdiction, whose law is not known. */
  readonly memberDays?: number;
  readonly staffDays?: number;
  /** Days since the entry was made. */
  readonly watchDays: number;
  /** Days after the consent ended; absent for a store without a jurisdiction. */
  readonly proofDays?: number;
}

/** For a store that does not exist any more, or has no law settings: nothing is kept that has no consent. */
export const WITHOUT_LAW: Retention = { visitorDays: 0, watchDays: 0 };

/**
 * Returns the retention of a store on a day. A sign that was taken down or faces that were switched off end recognition and
 * not the consent of a member, so they delete no member; a law that bars faces from the cloud does.
 */
export function retentionOf(subject: LawSubject, cloud: CloudLocation, today: BusinessDay): Retention {
  const { law } = subject;
  if (law === undefined) return WITHOUT_LAW;
  const pack = PACKS[law.jurisdiction];
  const country = countryOf(subject);
  const daysOf = (about: 'memberDays' | 'proofDays' | 'watchListDays') =>
    fewest(clausesOn(pack, about, today, country)).most;
  const most = daysOf('memberDays');
  const isBarred = barsOf(subject, cloud, today).length > 0;
  const memberDays = isBarred ? 0 : Math.min(law.memberRetentionDays ?? most, most);
  const staff = clausesOn(pack, 'staffByConsent', today, country);
  const isStaffPermitted = staff.length > 0 && staff.every((rule) => rule.most);
  const { visitorRetentionDays, watchList } = permissionsOf(subject, cloud, today);
  return {
    visitorDays: visitorRetentionDays,
    memberDays,
    staffDays: isStaffPermitted ? memberDays : 0,
    watchDays: watchList ? daysOf('watchListDays') : 0,
    proofDays: daysOf('proofDays'),
  };
}
