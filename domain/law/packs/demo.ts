/** The demonstration: photographs on a laptop. It permits what every law above forbids, so it works in no deployment. */
import type { Pack } from '../pack.ts';
import { READ } from './checked.ts';

/** A year covers every demonstration; longer would be production use. */
const DEMO_RETENTION_DAYS_MAX = 365;

const OWN = { source: "the demonstration pack's own rule", ...READ } as const;

export const DEMO: Pack = {
  jurisdiction: 'demo',
  name: 'Demonstration',
  nameZh: '演示',
  countries: [],
  clauses: [
    {
      about: 'localOnly',
      says: 'The demonstration works in the local cloud only; a store that is open to the public has a law of its own.',
      ...OWN,
    },
    { about: 'face', most: 'visitors', says: 'A demonstration recognises photographs.', ...OWN },
    { about: 'pictures', most: 'floor', says: 'A demonstration has no public floor.', ...OWN },
    { about: 'deviceMembers', most: true, says: 'A demonstration has members of its own.', ...OWN },
    { about: 'watchList', most: true, says: 'A demonstration may show a watch-list.', ...OWN },
    {
      about: 'watchListDays',
      most: DEMO_RETENTION_DAYS_MAX,
      says: `A demonstration keeps a watch-list entry for ${DEMO_RETENTION_DAYS_MAX} days at most.`,
      ...OWN,
    },
    {
      about: 'visitorDays',
      most: DEMO_RETENTION_DAYS_MAX,
      says: `A demonstration keeps its visitors for ${DEMO_RETENTION_DAYS_MAX} days at most.`,
      ...OWN,
    },
    {
      about: 'memberDays',
      most: DEMO_RETENTION_DAYS_MAX,
      says: `A demonstration keeps its members for ${DEMO_RETENTION_DAYS_MAX} days at most.`,
      ...OWN,
    },
    {
      about: 'proofDays',
      most: DEMO_RETENTION_DAYS_MAX,
      says: `A demonstration keeps proofs of consents for ${DEMO_RETENTION_DAYS_MAX} days at most.`,
      ...OWN,
    },
    { about: 'abroad', to: 'anywhere', says: 'Photographs have no country.', ...OWN },
    { about: 'staffByConsent', most: true, says: 'A demonstration has staff of its own.', ...OWN },
    {
      about: 'sign',
      says: 'Even a demonstration needs a sign, so that no real store is set up without one.',
      ...OWN,
    },
    { about: 'pushAge', from: 14, says: 'A demonstration sends no push to a child.', ...OWN },
    { about: 'refusal', ends: 'personalised', says: 'A demonstration honours a refusal.', ...OWN },
    { about: 'pushSender', says: 'Every push names its sender and a way to refuse.', ...OWN },
    {
      about: 'duty',
      says: 'For photographs and for people who are informed of the demonstration. No shop that is open to the public may use it.',
      ...OWN,
    },
  ],
};
