/**
 * From what a store wants to what it may: the lesser of its wish and its jurisdiction's pack, and nothing at all
 * before a sign hangs. Whoever asks for permissions gets them for a day and asks again the next, since a sign may
 * begin tomorrow.
 */
import type { BusinessDay } from '../chain/business-day.ts';
import { FACE_MODES, type FaceMode, type LawSettings } from '../chain/law-settings.ts';
import { PACKS, type Pack } from './packs.ts';
import type { Permissions, WithheldPermission } from './permissions.ts';

/** Nobody is known, nothing is kept: how every store starts, and what every doubt comes to. */
export const FACES_OFF: Permissions = {
  face: 'off',
  watchList: false,
  visitorRetentionDays: 0,
  crossBorder: false,
  withheld: [],
};

/** Where a store wants visitors told apart and names no time. */
export const VISITOR_RETENTION_DAYS_DEFAULT = 30;

/**
 * A wish is held against settings themselves, not against a law, where it asks for what another wish leaves no room
 * for.
 */
const OWN_SETTINGS = "the store's own settings";

/** What a store may do with faces on a day. */
export function permissionsOf(settings: LawSettings | undefined, today: BusinessDay): Permissions {
  if (settings === undefined) return FACES_OFF;
  const pack = PACKS[settings.jurisdiction];
  const withoutSign = whyNoSign(settings, pack, today);
  if (withoutSign !== undefined) {
    return { ...FACES_OFF, withheld: wishesOf(settings).map((what) => ({ what, ...withoutSign })) };
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

/** The wishes that settings hold. */
function wishesOf({ face, watchList, visitorRetentionDays }: LawSettings): Array<WithheldPermission['what']> {
  return [
    ...(face === 'off' ? [] : (['face'] as const)),
    ...(watchList ? (['watchList'] as const) : []),
    ...((visitorRetentionDays ?? 0) > 0 ? (['visitorRetentionDays'] as const) : []),
  ];
}

type Reason = Pick<WithheldPermission, 'because' | 'source'>;

function whyNoSign({ signSince }: LawSettings, pack: Pack, today: BusinessDay): Reason | undefined {
  if (signSince !== undefined && signSince <= today) return undefined;
  const state = signSince === undefined ? 'No sign hangs.' : `The sign hangs from ${signSince} on.`;
  return { because: `${state} ${pack.sign.says}`, source: pack.sign.source };
}

/** Whole days from 0 up, and never beyond the pack. */
function retentionDaysOf({ visitorRetentionDays }: LawSettings, pack: Pack): number {
  const wished = Math.trunc(visitorRetentionDays ?? VISITOR_RETENTION_DAYS_DEFAULT);
  return wished > 0 ? Math.min(wished, pack.visitorRetentionDaysMax) : 0;
}

function withheldFace(
  { face: wished }: LawSettings,
  { faceLimit }: Pack,
  face: FaceMode,
): WithheldPermission[] {
  if (wished === face || faceLimit === undefined) return [];
  return [{ what: 'face', because: faceLimit.says, source: faceLimit.source }];
}

function withheldWatchList(
  settings: LawSettings,
  { noWatchList }: Pack,
  watchList: boolean,
): WithheldPermission[] {
  if (!settings.watchList || watchList) return [];
  if (noWatchList !== undefined) {
    return [{ what: 'watchList', because: noWatchList.says, source: noWatchList.source }];
  }
  return [{ what: 'watchList', because: 'No face is looked at while faces are off.', source: OWN_SETTINGS }];
}

function withheldRetention(
  { visitorRetentionDays: wished, face: wishedFace }: LawSettings,
  { retentionLimit }: Pack,
  face: FaceMode,
  days: number,
): WithheldPermission[] {
  if (wished === undefined || wished <= days) return [];
  if (wishedFace !== 'visitors' && face === wishedFace) {
    return [
      {
        what: 'visitorRetentionDays',
        because: 'Visitors are not told apart, so none is kept.',
        source: OWN_SETTINGS,
      },
    ];
  }
  return [{ what: 'visitorRetentionDays', because: retentionLimit.says, source: retentionLimit.source }];
}
