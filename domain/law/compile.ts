/**
 * Compiles a store's settings into permissions: the lesser of each setting and the limit of its jurisdiction, and
 * nothing at all before a sign hangs. Permissions apply to one day, since a sign may be dated tomorrow.
 */
import type { BusinessDay } from '../chain/business-day.ts';
import { FACE_MODES, type FaceMode, type LawSettings } from '../chain/law-settings.ts';
import type { Permissions, WithheldPermission } from './face-permissions.ts';
import { PACKS, type Pack } from './packs.ts';

/** No face is recognised or kept: the state of every new store, and the fallback in every case of doubt. */
export const FACES_OFF: Permissions = {
  face: 'off',
  watchList: false,
  visitorRetentionDays: 0,
  crossBorder: false,
  withheld: [],
};

/** For a store that recognises visitors and sets no retention of its own. */
export const VISITOR_RETENTION_DAYS_DEFAULT = 30;

/** The source of a refusal where one setting contradicts another, and no law is involved. */
const OWN_SETTINGS = "the store's own settings";

/** Returns what a store may do with faces on a day, with a reason for every setting that is not permitted. */
export function permissionsOf(settings: LawSettings | undefined, today: BusinessDay): Permissions {
  if (settings === undefined) return FACES_OFF;
  const pack = PACKS[settings.jurisdiction];
  const withoutSign = whyNoSign(settings, pack, today);
  if (withoutSign !== undefined) {
    return { ...FACES_OFF, withheld: requestedBy(settings).map((what) => ({ what, ...withoutSign })) };
  }
  const face = lesser(settings.face, pack.face);
  const watchList = settings.watchList && pack.noWatchList === undefined && face !== 'off';
  const visitorRetentionDays = face === 'visitors' ? retentionDaysOf(settings, pack) : 0;
  return {
    face,
    watchList,
    visitorRetentionDays,
    crossBorder: pack.crossBorder && face !== 'off',
    withheld: [
      ...withheldFace(settings, pack, face),
      ...withheldWatchList(settings, pack, watchList),
      ...withheldRetention(settings, pack, face, visitorRetentionDays),
    ],
  };
}

const lesser = (one: FaceMode, other: FaceMode): FaceMode =>
  FACE_MODES.indexOf(one) < FACE_MODES.indexOf(other) ? one : other;

/** What the settings request beyond the default. */
function requestedBy({
  face,
  watchList,
  visitorRetentionDays,
}: LawSettings): Array<WithheldPermission['what']> {
  return [
    ...(face === 'off' ? [] : (['face'] as const)),
    ...(watchList ? (['watchList'] as const) : []),
    ...((visitorRetentionDays ?? 0) > 0 ? (['visitorRetentionDays'] as const) : []),
  ];
}

type Reason = Pick<WithheldPermission, 'reason' | 'source'>;

function whyNoSign({ signSince }: LawSettings, pack: Pack, today: BusinessDay): Reason | undefined {
  if (signSince !== undefined && signSince <= today) return undefined;
  const state = signSince === undefined ? 'No sign hangs.' : `The sign hangs from ${signSince} on.`;
  return { reason: `${state} ${pack.sign.says}`, source: pack.sign.source };
}

/** Whole days, from 0 to the limit of the pack. */
function retentionDaysOf({ visitorRetentionDays }: LawSettings, pack: Pack): number {
  const requested = Math.trunc(visitorRetentionDays ?? VISITOR_RETENTION_DAYS_DEFAULT);
  return requested > 0 ? Math.min(requested, pack.visitorRetentionDaysMax) : 0;
}

function withheldFace(
  { face: requested }: LawSettings,
  { faceLimit }: Pack,
  face: FaceMode,
): WithheldPermission[] {
  if (requested === face || faceLimit === undefined) return [];
  return [{ what: 'face', reason: faceLimit.says, source: faceLimit.source }];
}

function withheldWatchList(
  settings: LawSettings,
  { noWatchList }: Pack,
  watchList: boolean,
): WithheldPermission[] {
  if (!settings.watchList || watchList) return [];
  if (noWatchList !== undefined) {
    return [{ what: 'watchList', reason: noWatchList.says, source: noWatchList.source }];
  }
  return [{ what: 'watchList', reason: 'No face is compared while faces are off.', source: OWN_SETTINGS }];
}

function withheldRetention(
  { visitorRetentionDays: requested, face: requestedFace }: LawSettings,
  { retentionLimit }: Pack,
  face: FaceMode,
  days: number,
): WithheldPermission[] {
  if (requested === undefined || requested <= days) return [];
  if (requestedFace !== 'visitors' && face === requestedFace) {
    return [
      {
        what: 'visitorRetentionDays',
        reason: 'Visitors are not recognised, so none is kept.',
        source: OWN_SETTINGS,
      },
    ];
  }
  return [{ what: 'visitorRetentionDays', reason: retentionLimit.says, source: retentionLimit.source }];
}
