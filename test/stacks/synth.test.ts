/** A synthesis needs nothing but this folder: no account, no network, no builds of functions that it does not deploy. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { synth } from '#lib/app.ts';
import { builtAssets, placeholderAssets } from '#lib/assets.ts';
import { NOTHING_COPIED } from './synthesised.ts';

const outdir = mkdtempSync(join(tmpdir(), 'aisle-synth-'));
afterAll(() => rmSync(outdir, { recursive: true }));

const quick = { assets: placeholderAssets, context: NOTHING_COPIED, checked: false };
const assembly = synth({ ...quick, stage: 'Test', outdir, checked: true });

describe('a synthesis', () => {
  it('passes the rules of cdk-nag and CloudFormation without a warning', () => {
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    expect(pluginReports).toEqual([]);
  });

  it('writes one template per stack, named after stage and subject', () => {
    const templates = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
    expect(templates.sort()).toEqual(
      ['Data', 'Engagement', 'Figures', 'Ingest', 'Monitoring', 'Vision', 'Web'].map(
        (subject) => `Test-Aisle-${subject}.template.json`,
      ),
    );
  });

  it('looks nothing up in an account and is bound to none', () => {
    expect(assembly.manifest.missing).toBeUndefined();
    for (const { environment } of assembly.stacks) {
      expect(environment).toMatchObject({ account: 'unknown-account', region: 'unknown-region' });
    }
  });

  it('takes its stage from the context by default', () => {
    const { stacks } = synth({ ...quick, context: { ...NOTHING_COPIED, stage: 'Rehearsal' } });
    expect(stacks.map(({ stackName }) => stackName)).toContain('Rehearsal-Aisle-Data');
  });

  it.each(['', 'prod', 'Two Words', 'Überall'])(
    'rejects %j as a stage, because no stack could be named so',
    (stage) => {
      expect(() => synth({ ...quick, stage })).toThrow(/a stage is one capitalised word/);
    },
  );
});

describe('a built asset', () => {
  it('throws where a bundle is missing, with the command that builds it', () => {
    expect(() => builtAssets.functionCode('do-nothing')).toThrow(/functions\/do-nothing.*npm run build/);
  });
});
