/**
 * Compiles a store's settings into permissions: the lesser of each setting and the limit of its jurisdiction on a day, and
 * nothing at all before a sign hangs, or where faces would leave the country against the law. Permissions apply to one day,
 * since a sign may be dated tomorrow, and a law may begin or end.
 */
import type { BusinessDay } from '../chain/business-day.ts';
import { FACE_MODES, type FaceMode, type LawSettings } from '../chain/law-settings.ts';
import type { CloudLocation } from './countries.ts';
import type { Permissions, Reason, WithheldPermission, Withholdable } from './face-permissions.ts';
import { type Country, clausesOn, fewest, type Limit, type Pack, PICTURE_SCOPES, strictest } from './pack.ts';
import { PACKS } from './packs.ts';
import type { Rule } from './rule.ts';

/** What the law needs of a store. */
export interface LawSubject {
  readonly law?: LawSettings;
  /** ISO 3166-1; absent where the jurisdiction has one country. */
  readonly country?: Country;
}

/** No face is recognised or kept: the state of every new store, and the fallback in every case of doubt. */
export const FACES_OFF: Permissions = {
  face: 'off',
  pictures: 'none',
  deviceMembers: false,
  staffByConsent: false,
  watchList: false,
  visitorRetentionDays: 0,
  memberRetentionDays: 0,
  crossBorder: false,
  withheld: [],
};

/** For a store that recognises visitors and sets no retention of its own. */
export const VISITOR_RETENTION_DAYS_DEFAULT = 30;

/** The source of a refusal where one setting contradicts another, and no law is involved. */
const OWN_SETTINGS = "the store's own settings";

/** Returns the country of a store: its own, or that of its jurisdiction where that is one country. */
export function countryOf({ law, country }: LawSubject): Country | undefined {
  if (country !== undefined) return country;
  const territory = law === undefined ? [] : PACKS[law.jurisdiction].countries;
  return territory.length === 1 ? territory[0] : undefined;
}

/** A store's settings on a day, with the pack of its jurisdiction. */
interface Case {
  readonly settings: LawSettings;
  readonly pack: Pack;
  readonly country: Country | undefined;
  readonly cloud: CloudLocation;
  readonly today: BusinessDay;
}

/** Returns what a store may do with faces on a day in a cloud, with a reason for every setting that is not permitted. */
export function permissionsOf(subject: LawSubject, cloud: CloudLocation, today: BusinessDay): Permissions {
  const { law } = subject;
  if (law === undefined) return FACES_OFF;
  const pack = PACKS[law.jurisdiction];
  const one: Case = { settings: law, pack, country: countryOf(subject), cloud, today };
  const blocked = whyBlocked(one);
  if (blocked !== undefined) {
    const { also = [], ...reason } = blocked;
    const requested = requestedBy(law);
    const what = requested.length === 0 ? [] : [...requested, ...also];
    return { ...FACES_OFF, withheld: what.map((name) => ({ what: name, ...reason })) };
  }
  return permissionsUnblocked(one);
}

function permissionsUnblocked(one: Case): Permissions {
  const { settings, pack, country, today } = one;
  const limitOf = <Of extends 'deviceMembers' | 'staffByConsent' | 'watchList'>(about: Of): Limit<boolean> =>
    strictest(clausesOn(pack, about, today, country), [false, true]);
  const faceLimit = faceLimitOf(one);
  const face = lesser(settings.face, faceLimit.most);
  const isOn = face !== 'off';
  const pictureLimit = strictest(clausesOn(pack, 'pictures', today, country), PICTURE_SCOPES);
  const [watchLimit, staffLimit] = [limitOf('watchList'), limitOf('staffByConsent')];
  const visitorLimit = fewest(clausesOn(pack, 'visitorDays', today, country));
  const memberLimit = fewest(clausesOn(pack, 'memberDays', today, country));
  const watchList = settings.watchList && watchLimit.most && isOn;
  const visitorRetentionDays = face === 'visitors' ? visitorDaysOf(settings, visitorLimit.most) : 0;
  const { memberRetentionDays = memberLimit.most } = settings;
  return {
    face,
    pictures: isOn ? pictureLimit.most : 'none',
    deviceMembers: isOn && limitOf('deviceMembers').most,
    staffByConsent: isOn && staffLimit.most,
    watchList,
    visitorRetentionDays,
    memberRetentionDays: isOn ? Math.min(memberRetentionDays, memberLimit.most) : 0,
    crossBorder: isOn && mayLeave(one, 'somewhere'),
    withheld: [
      ...(settings.face === face ? [] : [because('face', faceLimit.rule, today)]),
      ...withheldWatchList(settings, watchLimit, watchList, today),
      ...withheldRetention(settings, visitorLimit, face, visitorRetentionDays, today),
      ...(memberRetentionDays <= memberLimit.most || !isOn
        ? []
        : [because('memberRetentionDays', memberLimit.rule, today)]),
      ...(isOn && pictureLimit.most !== 'floor' ? [because('pictures', pictureLimit.rule, today)] : []),
      ...(isOn && !staffLimit.most ? [because('staffByConsent', staffLimit.rule, today)] : []),
    ],
  };
}

/** Returns the most that the law permits to do with faces, with the rule that decides. */
const faceLimitOf = ({ pack, today, country }: Pick<Case, 'pack' | 'today' | 'country'>): Limit<FaceMode> =>
  strictest(clausesOn(pack, 'face', today, country), FACE_MODES);

/** Returns a withheld permission with the rule that decides; without a rule in force nothing is permitted. */
const because = (what: Withholdable, rule: Rule | undefined, today: BusinessDay): WithheldPermission =>
  rule === undefined
    ? {
        what,
        reason: `The pack knows no rule of ${today} about it, so it is not permitted.`,
        source: 'the pack itself',
      }
    : { what, reason: rule.says, source: rule.source };

const lesser = (one: FaceMode, other: FaceMode): FaceMode =>
  FACE_MODES.indexOf(one) < FACE_MODES.indexOf(other) ? one : other;

/** What the settings request beyond the default. */
function requestedBy({ face, watchList, visitorRetentionDays }: LawSettings): Withholdable[] {
  return [
    ...(face === 'off' ? [] : (['face'] as const)),
    ...(watchList ? (['watchList'] as const) : []),
    ...((visitorRetentionDays ?? 0) > 0 ? (['visitorRetentionDays'] as const) : []),
  ];
}

interface Block extends Reason {
  /** What is withheld besides the requests. */
  readonly also?: readonly Withholdable[];
}

/** Returns why nothing at all is permitted; undefined where the settings are to be compared with the limits. */
function whyBlocked(one: Case): Block | undefined {
  return (
    whyElsewhere(one) ?? whyNoSign(one) ?? whyAbroad(one) ?? whyReaders(one) ?? whyNoMemberRetention(one)
  );
}

/** A store of one country under the law of another, or a demonstration in production. */
function whyElsewhere(one: Case): Block | undefined {
  const { pack, country } = one;
  if (country !== undefined && pack.countries.length > 0 && !pack.countries.includes(country)) {
    return {
      reason: `The store is in ${country}, where the law of ${pack.name} does not apply.`,
      source: OWN_SETTINGS,
    };
  }
  return whyNotLocal(one);
}

function whyNotLocal({ pack, cloud, today }: Case): Block | undefined {
  const [local] = clausesOn(pack, 'localOnly', today);
  return local === undefined || cloud.isLocal ? undefined : { reason: local.says, source: local.source };
}

function whyNoSign({ settings: { signSince }, pack, country, today }: Case): Block | undefined {
  if (signSince !== undefined && signSince <= today) return undefined;
  const state = signSince === undefined ? 'No sign hangs.' : `The sign hangs from ${signSince} on.`;
  const { reason, source } = because('face', clausesOn(pack, 'sign', today, country)[0], today);
  return { reason: `${state} ${reason}`, source };
}

/** Faces would leave the jurisdiction for the country of the cloud, and a rule forbids it. */
function whyAbroad(one: Case): Block | undefined {
  if (!isAbroad(one) || mayLeave(one, one.cloud.country)) return undefined;
  const { pack, country, cloud, today } = one;
  const place = cloud.country ?? 'an unknown country';
  const rule =
    clausesOn(pack, 'abroad', today, country).find((clause) => !isOpenTo(clause.to, cloud.country)) ??
    clausesOn(pack, 'readers', today, country)[0];
  const { reason, source } = because('crossBorder', rule, today);
  return { reason: `The cloud is in ${place}. ${reason}`, source, also: ['crossBorder'] };
}

function isAbroad({ pack, country, cloud }: Case): boolean {
  if (cloud.country === undefined) return !cloud.isLocal;
  return cloud.country !== country && !pack.countries.includes(cloud.country);
}

const isOpenTo = (to: 'anywhere' | readonly Country[], place: Country | undefined): boolean =>
  to === 'anywhere' || (place !== undefined && to.includes(place));

/** Returns whether faces may leave for a country, or for any at all. */
function mayLeave({ pack, country, today }: Case, to: Country | 'somewhere' | undefined): boolean {
  const rules = clausesOn(pack, 'abroad', today, country);
  if (rules.length === 0) return false;
  if (to === 'somewhere') return rules.every((rule) => rule.to === 'anywhere' || rule.to.length > 0);
  const never = clausesOn(pack, 'readers', today, country).flatMap((rule) => rule.never);
  // A place that is not known may be one of those where no one may read.
  if (to === undefined ? never.length > 0 : never.includes(to)) return false;
  return rules.every((rule) => isOpenTo(rule.to, to));
}

/** People read the store's customers from a country from which no one may. */
function whyReaders({ settings: { readers = [] }, pack, country, today }: Case): Block | undefined {
  for (const rule of clausesOn(pack, 'readers', today, country)) {
    const reader = readers.find((place) => rule.never.includes(place));
    if (reader === undefined) continue;
    return { reason: `People in ${reader} read this store. ${rule.says}`, source: rule.source };
  }
  return undefined;
}

function whyNoMemberRetention({ settings, pack, country, today }: Case): Block | undefined {
  if (settings.memberRetentionDays !== undefined) return undefined;
  const rule = clausesOn(pack, 'memberDays', today, country).find((one) => one.isSettingRequired === true);
  if (rule === undefined) return undefined;
  return {
    reason: `The store has not set how long members are kept. ${rule.says}`,
    source: rule.source,
    also: ['memberRetentionDays'],
  };
}

/** Whole days, from 0 to the limit. */
function visitorDaysOf({ visitorRetentionDays }: LawSettings, most: number): number {
  const requested = Math.trunc(visitorRetentionDays ?? VISITOR_RETENTION_DAYS_DEFAULT);
  return requested > 0 ? Math.min(requested, most) : 0;
}

function withheldWatchList(
  settings: LawSettings,
  { most, rule }: Limit<boolean>,
  watchList: boolean,
  today: BusinessDay,
): WithheldPermission[] {
  if (!settings.watchList || watchList) return [];
  if (!most) return [because('watchList', rule, today)];
  return [{ what: 'watchList', reason: 'No face is compared while faces are off.', source: OWN_SETTINGS }];
}

function withheldRetention(
  { visitorRetentionDays: requested, face: requestedFace }: LawSettings,
  { rule }: Limit<number>,
  face: FaceMode,
  days: number,
  today: BusinessDay,
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
  return [because('visitorRetentionDays', rule, today)];
}

/**
 * Returns why the law, and not a setting that may change tomorrow, bars every picture of a store and every face of its
 * customers from a cloud; empty where it does not.
 */
export function barsOf(subject: LawSubject, cloud: CloudLocation, today: BusinessDay): readonly Reason[] {
  const { law } = subject;
  if (law === undefined) return [];
  const pack = PACKS[law.jurisdiction];
  const country = countryOf(subject);
  const one: Case = { settings: law, pack, country, cloud, today };
  const faceRules = clausesOn(pack, 'face', today, country);
  const pictureRules = clausesOn(pack, 'pictures', today, country);
  const isUnknown = faceRules.length === 0 || pictureRules.length === 0;
  return [
    whyNotLocal(one),
    ...faceRules.filter(({ most }) => most === 'off').map(toReason),
    ...pictureRules.filter(({ most }) => most === 'none').map(toReason),
    isUnknown ? because('pictures', undefined, today) : undefined,
    whyAbroad(one),
  ].flatMap((reason) => reason ?? []);
}

const toReason = ({ says, source }: Rule): Reason => ({ reason: says, source });
