import { describe, expect, it } from 'vitest';
import { addDays, type BusinessDay, parseBusinessDay } from '#domain/chain/business-day.ts';
import {
  FACE_MODES,
  JURISDICTIONS,
  type Jurisdiction,
  type LawSettings,
} from '#domain/chain/law-settings.ts';
import { barsOf, permissionsOf } from '#domain/law/compile.ts';
import { awsCloud, LOCAL_CLOUD } from '#domain/law/countries.ts';
import { type Clause, clausesOn, PICTURE_SCOPES } from '#domain/law/pack.ts';
import { PACKS } from '#domain/law/packs.ts';
import { pushRulesOf } from '#domain/law/push-rules.ts';
import { retentionOf } from '#domain/law/retention.ts';
import { SURENESS } from '#domain/law/rule.ts';

const TODAY = '2026-12-01' as BusinessDay;

/** The most that a store could request, so that nothing but the law limits it. */
const wish = (jurisdiction: Jurisdiction, more: Partial<LawSettings> = {}) => ({
  law: {
    jurisdiction,
    signSince: '2000-01-01' as BusinessDay,
    face: 'visitors',
    watchList: true,
    visitorRetentionDays: 3_650,
    memberRetentionDays: 3_650,
    ...more,
  } as const satisfies LawSettings,
});

const all: ReadonlyArray<readonly [string, Jurisdiction, Clause]> = JURISDICTIONS.flatMap((jurisdiction) =>
  PACKS[jurisdiction].clauses.map(
    (clause, at) => [`${jurisdiction} ${clause.about} ${at}`, jurisdiction, clause] as const,
  ),
);

/** Asserts that the thing that a rule forbids does not happen on a day, in a store of one of its countries. */
function expectObeyed(jurisdiction: Jurisdiction, clause: Clause, on: BusinessDay): void {
  const [country] = clause.only ?? [undefined];
  const subject = { ...wish(jurisdiction), ...(country === undefined ? {} : { country }) };
  const permitted = permissionsOf(subject, LOCAL_CLOUD, on);
  const retention = retentionOf(subject, LOCAL_CLOUD, on);
  switch (clause.about) {
    case 'face':
      expect(FACE_MODES.indexOf(permitted.face)).toBeLessThanOrEqual(FACE_MODES.indexOf(clause.most));
      break;
    case 'pictures':
      expect(PICTURE_SCOPES.indexOf(permitted.pictures)).toBeLessThanOrEqual(
        PICTURE_SCOPES.indexOf(clause.most),
      );
      if (clause.most === 'none') expect(barsOf(subject, LOCAL_CLOUD, on)).not.toEqual([]);
      break;
    case 'deviceMembers':
    case 'watchList':
    case 'staffByConsent':
      if (!clause.most) expect(permitted[clause.about]).toBe(false);
      break;
    case 'watchListDays':
      expect(retention.watchDays).toBeLessThanOrEqual(clause.most);
      break;
    case 'visitorDays':
      expect(retention.visitorDays).toBeLessThanOrEqual(clause.most);
      break;
    case 'memberDays':
      expect(retention.memberDays).toBeLessThanOrEqual(clause.most);
      break;
    case 'proofDays':
      expect(retention.proofDays).toBeLessThanOrEqual(clause.most);
      break;
    case 'abroad':
      // No AWS region is in Antarctica, and no pack names it.
      if (clause.to !== 'anywhere')
        expect(permissionsOf(subject, { isLocal: false, country: 'AQ' }, on).face).toBe('off');
      break;
    case 'readers':
      for (const reader of clause.never) {
        const read = wish(jurisdiction, { readers: [reader] });
        expect(permissionsOf(read, LOCAL_CLOUD, on)).toMatchObject({ face: 'off', deviceMembers: false });
        const there = permissionsOf(subject, { isLocal: false, country: reader }, on);
        expect(there.face).toBe('off');
      }
      break;
    case 'sign': {
      const { signSince: _, ...law } = subject.law;
      expect(permissionsOf({ law }, LOCAL_CLOUD, on).face).toBe('off');
      break;
    }
    case 'localOnly':
      expect(permissionsOf(subject, awsCloud('us-east-1'), on).face).toBe('off');
      break;
    case 'pushAge':
      expect(pushRulesOf(subject, on).ageMin).toBeGreaterThanOrEqual(clause.from);
      break;
    case 'healthFence':
      expect(pushRulesOf(subject, on).healthFenceM).toBeGreaterThanOrEqual(clause.metres);
      break;
    case 'refusal':
      if (clause.ends === 'all') expect(pushRulesOf(subject, on).refusalEnds).toBe('all');
      break;
    case 'pushSender':
    case 'duty':
      expect(clausesOn(PACKS[jurisdiction], clause.about, on, country)).toContain(clause);
      break;
  }
}

describe.each(all)('the rule %s', (_, jurisdiction, clause) => {
  const lastDay = clause.until === undefined ? TODAY : addDays(clause.until as BusinessDay, -1);
  const since = (clause.since ?? lastDay) as BusinessDay;

  it('is obeyed from the day on which it begins, and on its last day or today', () => {
    expectObeyed(jurisdiction, clause, since);
    if (since <= lastDay) expectObeyed(jurisdiction, clause, lastDay);
  });

  it('applies from its day until its end, and on no day besides', () => {
    const [country] = clause.only ?? [undefined];
    const applies = (on: BusinessDay): boolean =>
      (clausesOn(PACKS[jurisdiction], clause.about, on, country) as readonly Clause[]).includes(clause);
    if (clause.since !== undefined) expect(applies(addDays(since, -1))).toBe(false);
    if (clause.until === undefined) expect(applies(since)).toBe(true);
    else {
      const until = clause.until as BusinessDay;
      expect([applies(addDays(until, -1)), applies(until)]).toEqual([true, false]);
    }
    if (clause.only !== undefined)
      expect(clausesOn(PACKS[jurisdiction], clause.about, since, 'AQ')).not.toContain(clause);
  });

  it('carries its sentence, its source, valid days and how sure it is', () => {
    expect(clause.says).toMatch(/^\S.*\.$/);
    expect(clause.source).not.toBe('');
    for (const text of [clause.since, clause.until, clause.checkedOn]) {
      if (text !== undefined) expect(parseBusinessDay(text)).toBe(text);
    }
    expect(SURENESS).toContain(clause.sure);
    if (clause.url !== undefined) expect(URL.canParse(clause.url)).toBe(true);
  });
});

describe.each(JURISDICTIONS)('the pack %s', (jurisdiction) => {
  it('has a rule in force today about everything that could be permitted', () => {
    for (const about of [
      ...(['face', 'pictures', 'deviceMembers', 'watchList', 'watchListDays', 'visitorDays'] as const),
      ...(['memberDays', 'proofDays', 'abroad', 'staffByConsent', 'sign'] as const),
      ...(['pushAge', 'refusal', 'pushSender'] as const),
    ]) {
      expect(clausesOn(PACKS[jurisdiction], about, TODAY), about).not.toEqual([]);
    }
  });

  it('permits nothing on a day of which it knows no rule', () => {
    const permitted = permissionsOf(wish(jurisdiction), LOCAL_CLOUD, '2001-01-01' as BusinessDay);
    const isOlder = clausesOn(PACKS[jurisdiction], 'face', '2001-01-01' as BusinessDay).length > 0;
    if (!isOlder) expect(permitted.face).toBe('off');
    else expect(['US', 'US-TX', 'demo']).toContain(jurisdiction);
  });

  it('is listed under its own name', () => {
    expect(PACKS[jurisdiction].jurisdiction).toBe(jurisdiction);
    expect(PACKS[jurisdiction].nameZh).toMatch(/\p{Script=Han}/u);
  });
});
