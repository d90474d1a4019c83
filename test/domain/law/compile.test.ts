import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type BusinessDay } from '#domain/chain/business-day.ts';
import {
  FACE_MODES,
  type FaceMode,
  JURISDICTIONS,
  type Jurisdiction,
  type LawSettings,
} from '#domain/chain/law-settings.ts';
import { barsOf, FACES_OFF, permissionsOf, VISITOR_RETENTION_DAYS_DEFAULT } from '#domain/law/compile.ts';
import { awsCloud, countryOfRegion, LOCAL_CLOUD } from '#domain/law/countries.ts';
import { clausesOn } from '#domain/law/pack.ts';
import { PACKS } from '#domain/law/packs.ts';
import { mayExamine } from '#domain/law/pictures.ts';

const TODAY = '2026-12-01' as BusinessDay;
const day = (text: string) => text as BusinessDay;

/** Settings that request everything, with a sign and a retention of members. */
const ALL: Omit<LawSettings, 'jurisdiction'> = {
  signSince: day('2020-01-01'),
  face: 'visitors',
  watchList: true,
  visitorRetentionDays: 3_000,
  memberRetentionDays: 300,
};

const wish = (jurisdiction: Jurisdiction, more: Partial<LawSettings> = {}) => ({
  law: { ...ALL, jurisdiction, ...more },
});
const allIn = (jurisdiction: Jurisdiction, on = TODAY) => permissionsOf(wish(jurisdiction), LOCAL_CLOUD, on);
const withheldIn = (jurisdiction: Jurisdiction, on = TODAY) =>
  Object.fromEntries(allIn(jurisdiction, on).withheld.map(({ what, source }) => [what, source]));

const MEMBERS_IN_A_LANE = { face: 'members', pictures: 'lane', watchList: false, visitorRetentionDays: 0 };

describe('a store without settings', () => {
  it('has faces off, keeps no watch-list and no visitor, and sends no face abroad', () => {
    expect(permissionsOf({}, LOCAL_CLOUD, TODAY)).toEqual({ ...FACES_OFF, withheld: [] });
    expect(FACES_OFF).toMatchObject({ face: 'off', pictures: 'none', watchList: false, crossBorder: false });
  });
});

describe('a store in China', () => {
  it('has no picture examined in the cloud; members are matched by a device that they step up to (LAW CN)', () => {
    expect(allIn('CN')).toMatchObject({
      ...{ face: 'members', pictures: 'none', deviceMembers: true, watchList: false },
      ...{ visitorRetentionDays: 0, crossBorder: false },
    });
    expect(mayExamine(allIn('CN'), { lane: 'opt-in' })).toBe(false);
  });

  it('gets the articles as the source, under the name of the measures of 2025', () => {
    expect(withheldIn('CN')).toMatchObject({
      face: expect.stringContaining('PIPL art. 13, 26, 28 and 29'),
      pictures: 'PIPL art. 26',
      visitorRetentionDays: expect.stringContaining('art. 8'),
    });
    const sources = PACKS.CN.clauses.map(({ source }) => source).join('\n');
    expect(sources).toContain(
      'Measures for the Security Management of the Application of Facial Recognition',
    );
    for (const article of ['PIPL art. 56', 'and 47', 'art. 12', 'Decree No. 799', 'Fa Shi [2021] 15'])
      expect(sources).toContain(article);
  });

  it('is bound by the measures from 2025-06-01 on, and by the law on personal information before', () => {
    const measures = (on: string) =>
      clausesOn(PACKS.CN, 'pictures', day(on)).filter(({ source }) => source.includes('art. 8 and 13'));
    expect(measures('2025-05-31')).toEqual([]);
    expect(measures('2025-06-01')).toHaveLength(1);
    expect(barsOf(wish('CN'), LOCAL_CLOUD, day('2025-05-31'))).toHaveLength(1);
    expect(barsOf(wish('CN'), LOCAL_CLOUD, TODAY)).toHaveLength(2);
  });
});

describe('a store in the European Union', () => {
  it('may recognise members only, in a lane of their own, and no staff by consent (LAW EU)', () => {
    expect(allIn('EU')).toMatchObject({ ...MEMBERS_IN_A_LANE, staffByConsent: false, crossBorder: false });
    expect(withheldIn('EU')).toMatchObject({
      face: expect.stringContaining('9(1) and 9(2)(a)'),
      watchList: expect.stringContaining('PS/00120/2021'),
      visitorRetentionDays: expect.stringContaining('GDPR art. 5(1)(e)'),
      pictures: expect.stringContaining('section 5.1'),
      staffByConsent: expect.stringContaining('EDPB Guidelines 05/2020'),
    });
  });

  it('has the duties of the AI Act from their days on, two people among them from 2027-12-02 (LAW AI Act)', () => {
    const duties = (on: string) =>
      clausesOn(PACKS.EU, 'duty', day(on))
        .map(({ source }) => source)
        .filter((source) => source.includes('AI Act'));
    expect(duties('2025-02-01')).toEqual([]);
    expect(duties('2025-02-02')).toEqual(['EU AI Act art. 5(1)(f) and (g)']);
    expect(duties('2027-12-01')).toHaveLength(1);
    expect(duties('2027-12-02').join()).toContain('art. 14(5)');
  });

  it('keeps faces off in Italy, with its decrees', () => {
    const italy = permissionsOf({ ...wish('EU'), country: 'IT' }, LOCAL_CLOUD, TODAY);
    expect(italy).toMatchObject({ face: 'off', pictures: 'none' });
    expect(italy.withheld[0]?.source).toContain('DL 139/2021');
    expect(permissionsOf({ ...wish('EU'), country: 'FR' }, LOCAL_CLOUD, TODAY).face).toBe('members');
  });
});

describe.each(['CN', 'EU', 'UK', 'NZ'] as const)('the retention of members in %s', (jurisdiction) => {
  it('has to be set by the store, and nothing is permitted before', () => {
    const { memberRetentionDays: _, ...law } = { ...ALL, jurisdiction };
    const unset = permissionsOf({ law }, LOCAL_CLOUD, TODAY);
    expect(unset.face).toBe('off');
    expect(unset.withheld.map(({ what }) => what)).toContain('memberRetentionDays');
    expect(unset.withheld[0]?.reason).toContain('has not set how long members are kept');
    expect(allIn(jurisdiction)).toMatchObject({ face: 'members', memberRetentionDays: 300 });
  });
});

describe('a store in Illinois', () => {
  it('prints its own act with the changes of 2024 and no other law as its own (LAW US-IL)', () => {
    expect(allIn('US-IL')).toMatchObject({ ...MEMBERS_IN_A_LANE, crossBorder: false });
    for (const source of Object.values(withheldIn('US-IL'))) expect(source).toContain('740 ILCS 14/');
    expect(withheldIn('US-IL')['face']).toContain('P.A. 103-0769');
    const own = permissionsOf(wish('US-IL', { memberRetentionDays: 2_000 }), LOCAL_CLOUD, TODAY);
    expect(own.memberRetentionDays).toBe(1_095);
  });
});

describe('a store in Texas', () => {
  it('prints its own code, and keeps members for a year at most (LAW US-TX)', () => {
    expect(withheldIn('US-TX')).toMatchObject({
      face: 'Tex. Bus. & Com. Code § 503.001(b) and (b-1)',
      pictures: 'Tex. Bus. & Com. Code § 503.001(b)',
    });
    const long = permissionsOf(wish('US-TX', { memberRetentionDays: 2_000 }), LOCAL_CLOUD, TODAY);
    expect(long.memberRetentionDays).toBe(365);
    expect(long.withheld.at(-2)).toMatchObject({
      what: 'memberRetentionDays',
      source: 'Tex. Bus. & Com. Code § 503.001(c)(3)',
    });
  });

  it('may keep a watch-list from 2026-01-01 on and not before (LAW US-TX e3)', () => {
    expect(allIn('US-TX', day('2025-12-31')).watchList).toBe(false);
    expect(withheldIn('US-TX', day('2025-12-31'))['watchList']).toContain('503.001(b)');
    expect(allIn('US-TX', day('2026-01-01')).watchList).toBe(true);
  });
});

describe('a store in Colorado', () => {
  it('prints its own act from 2025-07-01 on, keeps no list, and keeps members for 24 months (LAW US-CO)', () => {
    expect(allIn('US-CO')).toMatchObject({ ...MEMBERS_IN_A_LANE, staffByConsent: false });
    expect(withheldIn('US-CO')['face']).toContain('C.R.S. 6-1-1314(4)(a)');
    expect(allIn('US-CO', day('2025-06-30')).face).toBe('off');
    const long = permissionsOf(wish('US-CO', { memberRetentionDays: 2_000 }), LOCAL_CLOUD, TODAY);
    expect(long.memberRetentionDays).toBe(730);
  });
});

describe.each([
  ['US-OR-PDX', 'Portland City Code 34.10.030'],
  ['US-MD', 'Md. Com. Law § 14-4607(a)(1)'],
] as const)('a store in %s', (jurisdiction, source) => {
  it('has faces off whatever is requested, with its own law (LAW off)', () => {
    const { withheld, ...permitted } = allIn(jurisdiction);
    expect({ ...permitted, withheld: [] }).toEqual(FACES_OFF);
    expect(withheld[0]).toMatchObject({ what: 'face', source: expect.stringContaining(source) });
    expect(barsOf(wish(jurisdiction), LOCAL_CLOUD, TODAY)).not.toEqual([]);
  });
});

describe('a store elsewhere in the United States', () => {
  it('may keep a watch-list, otherwise recognise members in a lane only, and cites no law of Virginia (LAW US)', () => {
    expect(allIn('US')).toMatchObject({ ...MEMBERS_IN_A_LANE, watchList: true, crossBorder: true });
    const sources = PACKS.US.clauses.map(({ source }) => source).join('\n');
    expect(sources).not.toContain('Va. Code');
    for (const source of ['C.R.S. 6-1-1314(4)', '§ 14-4607(a)(1)', '503.001(b)'])
      expect(withheldIn('US')['face']).toContain(source);
  });

  it('lets no one read from a country of concern, from 2025-04-08 on (LAW 28 CFR 202)', () => {
    const read = (readers: readonly string[], on = TODAY) =>
      permissionsOf(wish('US', { readers }), LOCAL_CLOUD, on);
    expect(read(['US', 'DE']).face).toBe('members');
    expect(read(['US', 'HK'])).toMatchObject({ face: 'off', deviceMembers: false });
    expect(read(['CN']).withheld[0]).toMatchObject({ source: expect.stringContaining('28 CFR 202') });
    const clauses = (on: string) => clausesOn(PACKS.US, 'readers', day(on));
    expect([clauses('2025-04-07'), clauses('2025-04-08')].map(({ length }) => length)).toEqual([0, 1]);
  });
});

describe('a cloud in another country', () => {
  it.each([
    ['CN', 'us-east-1', 'CN'],
    ['CN', 'ap-east-1', 'CN'],
    ['EU', 'us-east-1', undefined],
    ['EU', 'eu-west-2', 'FR'],
    ['UK', 'us-east-1', undefined],
    ['NZ', 'ap-southeast-2', undefined],
    ['US', 'cn-north-1', undefined],
    ['US-IL', 'eu-central-1', undefined],
    ['EU', 'xx-nowhere-1', undefined],
    ['US', 'xx-nowhere-1', undefined],
  ] as const)(
    'bars every face of a store in %s from %s, and says why (LAW crossBorder)',
    (jurisdiction, region, country) => {
      const subject = { ...wish(jurisdiction), ...(country === undefined ? {} : { country }) };
      const { withheld, ...permitted } = permissionsOf(subject, awsCloud(region), TODAY);
      expect({ ...permitted, withheld: [] }).toEqual(FACES_OFF);
      expect(withheld.map(({ what }) => what)).toContain('crossBorder');
      expect(withheld[0]?.reason).toContain('The cloud is in');
      expect(
        barsOf(subject, awsCloud(region), TODAY)
          .map(({ reason }) => reason)
          .join(),
      ).toContain('The cloud is in');
    },
  );

  it.each([
    ['CN', 'cn-north-1'],
    ['EU', 'eu-central-1'],
    ['UK', 'eu-west-2'],
    ['UK', 'eu-west-1'],
    ['NZ', 'ap-southeast-6'],
    ['US', 'us-west-2'],
    ['US', 'eu-west-1'],
    ['US-TX', 'us-east-2'],
  ] as const)('bars none of a store in %s from %s', (jurisdiction, region) => {
    expect(permissionsOf(wish(jurisdiction), awsCloud(region), TODAY).face).toBe('members');
  });

  it('is that of the local cloud where it was placed in a country', () => {
    const abroad = { isLocal: true, country: 'US' };
    expect(permissionsOf(wish('EU'), abroad, TODAY).face).toBe('off');
    expect(countryOfRegion(undefined)).toBeUndefined();
  });
});

describe('a store of another country', () => {
  it('gets nothing from a law that does not apply there', () => {
    const { face, withheld } = permissionsOf({ ...wish('US'), country: 'CN' }, LOCAL_CLOUD, TODAY);
    expect(face).toBe('off');
    expect(withheld[0]?.reason).toContain('The store is in CN');
  });
});

describe('a demonstration', () => {
  it('may recognise visitors, and keeps them for a year at most', () => {
    expect(allIn('demo')).toMatchObject({
      ...{ face: 'visitors', pictures: 'floor', watchList: true },
      ...{ visitorRetentionDays: 365, crossBorder: true },
    });
    expect(Object.keys(withheldIn('demo'))).toEqual(['visitorRetentionDays']);
  });

  it('permits nothing outside the local cloud (LAW demo)', () => {
    const { withheld, ...permitted } = permissionsOf(wish('demo'), awsCloud('cn-north-1'), TODAY);
    expect({ ...permitted, withheld: [] }).toEqual(FACES_OFF);
    expect(withheld[0]?.reason).toContain('local cloud only');
    expect(barsOf(wish('demo'), awsCloud('cn-north-1'), TODAY)).not.toEqual([]);
  });

  it('keeps visitors for a month where no retention is set', () => {
    const { visitorRetentionDays: _, ...settings } = { ...ALL, jurisdiction: 'demo' as const };
    expect(permissionsOf({ law: settings }, LOCAL_CLOUD, TODAY)).toMatchObject({
      visitorRetentionDays: VISITOR_RETENTION_DAYS_DEFAULT,
      withheld: [],
    });
  });

  it.each([
    [{ face: 'members' as const }, { face: 'members', visitorRetentionDays: 0 }],
    [{ visitorRetentionDays: 7 }, { visitorRetentionDays: 7 }],
    [{ visitorRetentionDays: 0 }, { face: 'visitors', visitorRetentionDays: 0 }],
    [
      { face: 'off' as const },
      { face: 'off', watchList: false, visitorRetentionDays: 0, crossBorder: false },
    ],
  ])('grants no more than is requested: %j', (more, permitted) => {
    expect(permissionsOf(wish('demo', more), LOCAL_CLOUD, TODAY)).toMatchObject(permitted);
  });

  it('uses no watch-list while faces are off, and gives the reason', () => {
    const { withheld } = permissionsOf(wish('demo', { face: 'off' }), LOCAL_CLOUD, TODAY);
    expect(withheld).toMatchObject([
      { what: 'watchList', reason: 'No face is compared while faces are off.' },
      { what: 'visitorRetentionDays', reason: expect.stringContaining('none is kept') },
    ]);
  });
});

describe.each(JURISDICTIONS)('the sign of a store: %s', (jurisdiction) => {
  const { signSince: _, ...unsigned } = { ...ALL, jurisdiction };

  it('is needed for anything at all, and its absence is reported with its source', () => {
    const { withheld, ...permitted } = permissionsOf({ law: unsigned }, LOCAL_CLOUD, TODAY);
    expect({ ...permitted, withheld: [] }).toEqual(FACES_OFF);
    expect(withheld.map(({ what }) => what)).toEqual(['face', 'watchList', 'visitorRetentionDays']);
    for (const { reason, source } of withheld) {
      expect(reason).toMatch(/^No sign hangs\. ./);
      expect(source).toBe(clausesOn(PACKS[jurisdiction], 'sign', TODAY)[0]?.source);
    }
  });

  it('counts from its day on and not before', () => {
    const from = (signSince: BusinessDay) =>
      permissionsOf({ law: { ...unsigned, signSince } }, LOCAL_CLOUD, TODAY);
    expect(
      from(TODAY)
        .withheld.map(({ reason }) => reason)
        .join(),
    ).not.toContain('The sign hangs');
    const tomorrow = from(addDays(TODAY, 1));
    expect(tomorrow.face).toBe('off');
    expect(tomorrow.withheld[0]?.reason).toContain('from 2026-12-02 on');
  });
});

const settings: fc.Arbitrary<LawSettings> = fc
  .record({
    jurisdiction: fc.constantFrom(...JURISDICTIONS),
    signSince: fc.option(fc.integer({ min: -400, max: 400 }), { nil: undefined }),
    face: fc.constantFrom(...FACE_MODES),
    watchList: fc.boolean(),
    visitorRetentionDays: fc.option(fc.integer({ min: -10, max: 5_000 }), { nil: undefined }),
    memberRetentionDays: fc.option(fc.integer({ min: 0, max: 5_000 }), { nil: undefined }),
  })
  .map(({ signSince, visitorRetentionDays, memberRetentionDays, ...rest }) => ({
    ...rest,
    ...(signSince === undefined ? {} : { signSince: addDays(TODAY, signSince) }),
    ...(visitorRetentionDays === undefined ? {} : { visitorRetentionDays }),
    ...(memberRetentionDays === undefined ? {} : { memberRetentionDays }),
  }));

const rank = (face: FaceMode): number => FACE_MODES.indexOf(face);
const today = (law: LawSettings) => permissionsOf({ law }, LOCAL_CLOUD, TODAY);

describe('a set of permissions', () => {
  it('never exceeds what the store requests', () => {
    fc.assert(
      fc.property(settings, (wished) => {
        const permitted = today(wished);
        expect(rank(permitted.face)).toBeLessThanOrEqual(rank(wished.face));
        expect(wished.watchList || !permitted.watchList).toBe(true);
        const days = wished.visitorRetentionDays ?? VISITOR_RETENTION_DAYS_DEFAULT;
        expect(permitted.visitorRetentionDays).toBeLessThanOrEqual(Math.max(0, days));
        expect(permitted.visitorRetentionDays).toBeGreaterThanOrEqual(0);
        expect(permitted.memberRetentionDays).toBeLessThanOrEqual(wished.memberRetentionDays ?? 5_000);
      }),
    );
  });

  it('is empty without a sign', () => {
    fc.assert(
      fc.property(settings, (wished) => {
        if (wished.signSince !== undefined && wished.signSince <= TODAY) return;
        expect({ ...today(wished), withheld: [] }).toEqual(FACES_OFF);
      }),
    );
  });

  it('keeps no visitor and no list, and sends nothing abroad, where faces are off or only members are recognised', () => {
    fc.assert(
      fc.property(settings, (wished) => {
        const { withheld: _, ...permitted } = today(wished);
        if (permitted.face !== 'visitors') expect(permitted.visitorRetentionDays).toBe(0);
        if (permitted.face === 'off') expect({ ...permitted, withheld: [] }).toEqual(FACES_OFF);
      }),
    );
  });

  it('does not shrink when more is requested', () => {
    const more = ({ face, watchList, visitorRetentionDays = VISITOR_RETENTION_DAYS_DEFAULT }: LawSettings) =>
      fc.record({
        face: fc.constantFrom(...FACE_MODES.filter((mode) => rank(mode) >= rank(face))),
        watchList: watchList ? fc.constant(true) : fc.boolean(),
        visitorRetentionDays: fc.integer({ min: Math.max(0, visitorRetentionDays), max: 6_000 }),
      });
    const pairs = settings.chain((less) =>
      more(less).map((wished) => [less, { ...less, ...wished }] as const),
    );
    fc.assert(
      fc.property(pairs, ([less, greater]) => {
        const [small, large] = [today(less), today(greater)];
        expect(rank(large.face)).toBeGreaterThanOrEqual(rank(small.face));
        expect(large.watchList || !small.watchList).toBe(true);
        expect(large.visitorRetentionDays).toBeGreaterThanOrEqual(small.visitorRetentionDays);
        expect(large.crossBorder || !small.crossBorder).toBe(true);
      }),
    );
  });

  it('lists every request that is withheld with its reason and source, and none that is granted', () => {
    fc.assert(
      fc.property(settings, (wished) => {
        const { face, watchList, visitorRetentionDays, withheld } = today(wished);
        const listed = withheld.map(({ what }) => what);
        expect(listed.includes('face')).toBe(face !== wished.face);
        expect(listed.includes('watchList')).toBe(watchList !== wished.watchList);
        expect(listed.includes('visitorRetentionDays')).toBe(
          (wished.visitorRetentionDays ?? 0) > visitorRetentionDays,
        );
        for (const { reason, source } of withheld) expect([reason, source]).not.toContain('');
      }),
    );
  });
});
