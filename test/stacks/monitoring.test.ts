/** The alarms and the runbook: every alarm has its section, and every command in it refers to an existing resource. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { resourcesOf, SUBJECTS, type Subject, synthesised } from './synthesised.ts';

const { templates } = synthesised('Prod');
const alarms = Object.values(resourcesOf(templates.Monitoring, 'AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => Properties,
);
const pageOf = (name: string): string => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');
const runbook = pageOf('runbook.md');
/** The pages with commands to paste. */
const PAGES = ['runbook.md', 'operate.md'];

const entries = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry] as const),
);

const linkOf = (text: unknown) => /docs\/runbook\.md#([a-z-]+)$/.exec(String(text))?.[1];

describe('an alarm', () => {
  it('links a section of the runbook, and every section has its alarm', () => {
    const linked = alarms.map(({ AlarmDescription }) => linkOf(AlarmDescription));
    expect([...new Set(linked)].sort()).toEqual([...entries.keys()].sort());
  });

  it('describes first what store staff notice', () => {
    for (const { AlarmDescription } of alarms) {
      expect(AlarmDescription).toMatch(/^[A-Z][^#]{30,}\. What to do: /);
    }
  });

  it('notifies its topic when it fires and when it is resolved', () => {
    const topic = [{ Ref: 'Alarms' }];
    for (const alarm of alarms) expect(alarm).toMatchObject({ AlarmActions: topic, OKActions: topic });
    templates.Monitoring.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
          { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: 'sns:Publish' },
        ],
      },
    });
  });

  it('ignores missing data, since no till sends at night', () => {
    for (const alarm of alarms) expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching' });
  });

  it('exists for each failure that a store would notice', () => {
    expect(alarms.map(({ AlarmName }) => String(AlarmName).replace('Prod-Aisle-', ''))).toEqual([
      'CountEventsBehind',
      'CountEventsErrors',
      'DeadLetters',
      'DeadLettersNotStored',
      'RollUpBehind',
      'RankingsBehind',
      'RollUpDeadLetters',
      'RequestsFail',
      'TillsThrottled',
      'DynamoDbThrottled',
      'DynamoDbErrors',
      'VisitTablesThrottled',
      'TrackVisitsBehind',
      'VisitsNotClosed',
      'FacesNotPurged',
      'PushDecisionsFailed',
      'CustomersIteratorAge',
      'GeofencesNotSynced',
      'ErasureFailed',
    ]);
  });
});

describe('a section of the runbook', () => {
  it.each([...entries])(
    '%s describes what staff notice, the cause, the first checks and the remedy',
    (_, entry) => {
      const parts = [...entry.matchAll(/^\*\*(Staff notice|Cause|First checks|Remedy)\b/gm)].map(
        (part) => part[1],
      );
      expect(parts).toEqual(['Staff notice', 'Cause', 'First checks', 'Remedy']);
      expect(entry).toContain('```sh');
    },
  );

  it.each(PAGES)('names only resources that exist: %s', (page) => {
    const commands = pageOf(page).matchAll(/\bname_of ([A-Z]\w+) ([A-Z]\w+)/g);
    const named = [...commands].map(([, stack, id]) => `${stack} ${id}`);
    const existing = SUBJECTS.flatMap((subject) => idsOf(subject).map((id) => `${subject} ${id}`));
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !existing.includes(name))).toEqual([]);
  });

  it('names only log groups that exist', () => {
    const named = [...runbook.matchAll(/"\/aisle\/\$STAGE\/([a-z-]+)"/g)].map(
      ([, name]) => `/aisle/Prod/${name}`,
    );
    const existing = SUBJECTS.flatMap((subject) =>
      Object.values(resourcesOf(templates[subject], 'AWS::Logs::LogGroup')).map(
        ({ Properties }) => Properties['LogGroupName'],
      ),
    );
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !existing.includes(name))).toEqual([]);
  });
});

describe('the dashboard', () => {
  it('shows the state of every alarm first', () => {
    const [dashboard] = Object.values(resourcesOf(templates.Monitoring, 'AWS::CloudWatch::Dashboard'));
    const body = JSON.stringify(dashboard?.Properties['DashboardBody']);
    expect(body.indexOf('"alarm')).toBeLessThan(body.indexOf('"metric'));
    expect(body.match(/"Fn::GetAtt":\["\w+","Arn"\]/g)?.length).toBe(alarms.length);
  });
});

function idsOf(subject: Subject): string[] {
  return Object.keys((templates[subject].toJSON() as { Resources: object }).Resources);
}
