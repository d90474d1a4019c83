import { describe, expect, it } from 'vitest';
import { forbiddenChange } from '#domain/campaigns/campaign.ts';
import { campaignOf } from './world.ts';

describe('a campaign that has been live', () => {
  const live = campaignOf({ holdoutShare: 0.1 });

  it('keeps its holdout and never returns to draft or dry run', () => {
    for (const status of ['live', 'paused'] as const) {
      const from = { ...live, status };
      expect(forbiddenChange(from, { ...from, holdoutShare: 0.2 })).toMatch(/its holdout cannot change/);
      expect(forbiddenChange(from, { ...from, status: 'draft' })).toMatch(/pause it/);
      expect(forbiddenChange(from, { ...from, status: 'dry-run' })).toMatch(/pause it/);
      expect(forbiddenChange(from, { ...from, status: 'paused', capPerDay: 1 })).toBeUndefined();
    }
  });

  it('may have had any holdout before it went live', () => {
    for (const status of ['draft', 'dry-run'] as const)
      expect(forbiddenChange({ ...live, status }, { ...live, holdoutShare: 0.3 })).toBeUndefined();
  });
});
