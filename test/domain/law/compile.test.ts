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
import { FACES_OFF, permissionsOf, VISITOR_RETENTION_DAYS_DEFAULT } from '#domain/law/compile.ts';
import { PACKS } from '#domain/law/packs.ts';

const TODAY = '2026-11-22' as BusinessDay;

/** Settings that request everything, with a sign. */
const ALL: Omit<LawSettings, 'jurisdiction'> = {
  signSince: '2026-01-01' as BusinessDay,
  face: 'visitors',
  watchList: true,
  visitorRetentionDays: 3_000,
};

const allIn = (jurisdiction: Jurisdiction) => permissionsOf({ ...ALL, jurisdiction }, TODAY);
const withheldIn = (jurisdiction: Jurisdiction) =>
  Object.fromEntries(allIn(jurisdiction).withheld.map(({ what, source }) => [what, source]));

describe('a store without settings', () => {
  it('has faces off, keeps no watch-list and no visitor, and sends no face abroad', () => {
    expect(permissionsOf(undefined, TODAY)).toEqual({
      face: 'off',
      watchList: false,
      visitorRetentionDays: 0,
      crossBorder: false,
      withheld: [],
    });
  });
});

describe('a store in China', () => {
  it('may recognise members only, keeps no watch-list, and sends no face abroad', () => {
    expect(allIn('CN')).toMatchObject({
      face: 'members',
      watchList: false,
      visitorRetentionDays: 0,
      crossBorder: false,
    });
  });

  it('gets the articles as the source', () => {
    expect(withheldIn('CN')).toEqual({
      face: expect.stringContaining('PIPL art. 26 and 29'),
      watchList: expect.stringContaining('(2025) art. 13'),
      visitorRetentionDays: expect.stringContaining('(2025) art. 8'),
    });
  });
});

describe('a store in the European Union', () => {
  it('may recognise members only, keeps no watch-list, and sends no face abroad', () => {
    expect(allIn('EU')).toMatchObject({
      face: 'members',
      watchList: false,
      visitorRetentionDays: 0,
      crossBorder: false,
    });
  });

  it('gets the articles as the source, and the duty never to infer emotions', () => {
    expect(withheldIn('EU')).toEqual({
      face: expect.stringContaining('art. 9(1) and 9(2)(a)'),
      watchList: expect.stringContaining('PS/00120/2021'),
      visitorRetentionDays: expect.stringContaining('GDPR art. 5(1)(e)'),
    });
    expect(PACKS.EU.duties.map(({ source }) => source).join()).toContain('EU AI Act art. 5');
  });
});

describe('a store in Illinois', () => {
  it('may recognise members only, keeps no watch-list, and sends no face abroad', () => {
    expect(allIn('US-IL')).toMatchObject({
      face: 'members',
      watchList: false,
      visitorRetentionDays: 0,
      crossBorder: false,
    });
  });

  it('gets the sections as the source', () => {
    expect(withheldIn('US-IL')).toEqual({
      face: 'BIPA, 740 ILCS 14/15(b)',
      watchList: 'BIPA, 740 ILCS 14/15(b)',
      visitorRetentionDays: 'BIPA, 740 ILCS 14/15(a) and (b)',
    });
  });
});

describe('a store elsewhere in the United States', () => {
  it('may keep a watch-list, and otherwise recognise members only', () => {
    expect(allIn('US')).toMatchObject({ face: 'members', watchList: true, visitorRetentionDays: 0 });
    expect(Object.keys(withheldIn('US'))).toEqual(['face', 'visitorRetentionDays']);
  });

  it('gets the places where even that is too much', () => {
    expect(PACKS.US.duties[0]?.says).toMatch(/Illinois.*Texas.*Portland/);
  });
});

describe('a demonstration', () => {
  it('may recognise visitors, and keeps them for a year at most', () => {
    expect(allIn('demo')).toMatchObject({
      face: 'visitors',
      watchList: true,
      visitorRetentionDays: 365,
      crossBorder: true,
    });
    expect(Object.keys(withheldIn('demo'))).toEqual(['visitorRetentionDays']);
  });

  it('keeps visitors for a month where no retention is set', () => {
    const { visitorRetentionDays: _, ...settings } = { ...ALL, jurisdiction: 'demo' as const };
    expect(permissionsOf(settings, TODAY)).toMatchObject({
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
  ])('grants no more than is requested: %j', (wish, permitted) => {
    expect(permissionsOf({ ...ALL, ...wish, jurisdiction: 'demo' }, TODAY)).toMatchObject(permitted);
  });

  it('uses no watch-list while faces are off, and gives the reason', () => {
    const { withheld } = permissionsOf({ ...ALL, face: 'off', jurisdiction: 'demo' }, TODAY);
    expect(withheld).toMatchObject([
      { what: 'watchList', reason: 'No face is compared while faces are off.' },
      { what: 'visitorRetentionDays', reason: expect.stringContaining('none is kept') },
    ]);
  });
});

describe.each(JURISDICTIONS)('the sign of a store: %s', (jurisdiction) => {
  const { signSince: _, ...unsigned } = { ...ALL, jurisdiction };

  it('is needed for anything at all, and its absence is reported with its source', () => {
    const { withheld, ...permitted } = permissionsOf(unsigned, TODAY);
    expect({ ...permitted, withheld: [] }).toEqual(FACES_OFF);
    expect(withheld.map(({ what }) => what)).toEqual(['face', 'watchList', 'visitorRetentionDays']);
    for (const { reason, source } of withheld) {
      expect(reason).toMatch(/^No sign hangs\. ./);
      expect(source).toBe(PACKS[jurisdiction].sign.source);
    }
  });

  it('counts from its day on and not before', () => {
    const from = (signSince: BusinessDay) => permissionsOf({ ...unsigned, signSince }, TODAY);
    expect(from(TODAY).face).not.toBe('off');
    const tomorrow = from(addDays(TODAY, 1));
    expect(tomorrow.face).toBe('off');
    expect(tomorrow.withheld[0]?.reason).toContain('from 2026-11-23 on');
  });
});

const settings: fc.Arbitrary<LawSettings> = fc
  .record({
    jurisdiction: fc.constantFrom(...JURISDICTIONS),
    signSince: fc.option(fc.integer({ min: -400, max: 400 }), { nil: undefined }),
    face: fc.constantFrom(...FACE_MODES),
    watchList: fc.boolean(),
    visitorRetentionDays: fc.option(fc.integer({ min: -10, max: 5_000 }), { nil: undefined }),
  })
  .map(({ signSince, visitorRetentionDays, ...rest }) => ({
    ...rest,
    ...(signSince === undefined ? {} : { signSince: addDays(TODAY, signSince) }),
    ...(visitorRetentionDays === undefined ? {} : { visitorRetentionDays }),
  }));

const rank = (face: FaceMode): number => FACE_MODES.indexOf(face);

describe('a set of permissions', () => {
  it('never exceeds what the law of the place permits', () => {
    fc.assert(
      fc.property(settings, (wished) => {
        const pack = PACKS[wished.jurisdiction];
        const { face, watchList, visitorRetentionDays, crossBorder } = permissionsOf(wished, TODAY);
        expect(rank(face)).toBeLessThanOrEqual(rank(pack.face));
        expect(visitorRetentionDays).toBeLessThanOrEqual(pack.visitorRetentionDaysMax);
        if (watchList) expect(pack.noWatchList).toBeUndefined();
        if (crossBorder) expect(pack.crossBorder).toBe(true);
      }),
    );
  });

  it('never exceeds what the store requests', () => {
    fc.assert(
      fc.property(settings, (wished) => {
        const permitted = permissionsOf(wished, TODAY);
        expect(rank(permitted.face)).toBeLessThanOrEqual(rank(wished.face));
        expect(wished.watchList || !permitted.watchList).toBe(true);
        const days = wished.visitorRetentionDays ?? VISITOR_RETENTION_DAYS_DEFAULT;
        expect(permitted.visitorRetentionDays).toBeLessThanOrEqual(Math.max(0, days));
        expect(permitted.visitorRetentionDays).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is empty without a sign', () => {
    fc.assert(
      fc.property(settings, (wished) => {
        if (wished.signSince !== undefined && wished.signSince <= TODAY) return;
        expect({ ...permissionsOf(wished, TODAY), withheld: [] }).toEqual(FACES_OFF);
      }),
    );
  });

  it('keeps no visitor and no list, and sends nothing abroad, where faces are off or only members are recognised', () => {
    fc.assert(
      fc.property(settings, (wished) => {
        const { face, watchList, visitorRetentionDays, crossBorder } = permissionsOf(wished, TODAY);
        if (face !== 'visitors') expect(visitorRetentionDays).toBe(0);
        if (face === 'off')
          expect({ watchList, crossBorder }).toEqual({ watchList: false, crossBorder: false });
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
    const pairs = settings.chain((less) => more(less).map((wish) => [less, { ...less, ...wish }] as const));
    fc.assert(
      fc.property(pairs, ([less, greater]) => {
        const [small, large] = [permissionsOf(less, TODAY), permissionsOf(greater, TODAY)];
        expect(rank(large.face)).toBeGreaterThanOrEqual(rank(small.face));
        expect(large.watchList || !small.watchList).toBe(true);
        expect(large.visitorRetentionDays).toBeGreaterThanOrEqual(small.visitorRetentionDays);
        expect(large.crossBorder || !small.crossBorder).toBe(true);
      }),
    );
  });

  it('lists every request that is withheld, and none that is granted', () => {
    fc.assert(
      fc.property(settings, (wished) => {
        const { face, watchList, visitorRetentionDays, withheld } = permissionsOf(wished, TODAY);
        expect(withheld.map(({ what }) => what)).toEqual([
          ...(face === wished.face ? [] : ['face']),
          ...(watchList === wished.watchList ? [] : ['watchList']),
          ...((wished.visitorRetentionDays ?? 0) > visitorRetentionDays ? ['visitorRetentionDays'] : []),
        ]);
        for (const { reason, source } of withheld) expect([reason, source]).not.toContain('');
      }),
    );
  });
});
