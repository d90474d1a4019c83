/** A synthesis needs this folder and nothing else: no account, no network, no builds that it would not ask for. */
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
  it('keeps the rules of cdk-nag and of CloudFormation, without as much as a warning', () => {
    const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    expect(pluginReports).toEqual([]);
  });

  it('writes one template per stack, named by stage and subject', () => {
    const templates = readdirSync(outdir).filter((name) => name.endsWith('.template.json'));
    expect(templates.sort()).toEqual(
      ['Data', 'Engagement', 'Figures', 'Ingest', 'Monitoring', 'Vision', 'Web'].map(
        (subject) => `Test-Aisle-${subject}.template.json`,
      ),
    );
  });

  it('asks nothing of an account, and is meant for none in particular', () => {
    expect(assembly.manifest.missing).toBeUndefined();
    for (const { environment } of assembly.stacks) {
      expect(environment).toMatchObject({ account: 'unknown-account', region: 'unknown-region' });
    }
  });

  it('takes its stage from the context when nobody names one', () => {
    const { stacks } = synth({ ...quick, context: { ...NOTHING_COPIED, stage: 'Rehearsal' } });
    expect(stacks.map(({ stackName }) => stackName)).toContain('Rehearsal-Aisle-Data');
  });

  it.each(['', 'prod', 'Two Words', 'Überall'])(
    'refuses the stage %j, which no stack could be named by',
    (stage) => {
      expect(() => synth({ ...quick, stage })).toThrow(/a stage is one capitalised word/);
    },
  );
});

describe('what is uploaded', () => {
  it('must have been built: a missing bundle is an error that says how to build it', () => {
    expect(() => builtAssets.functionCode('greet-nobody')).toThrow(/functions\/greet-nobody.*npm run build/);
  });
});
