/**
 * Push decisions in DynamoDB, in the campaigns table.
 *
 *   pk = PUSHES#<personId>           sk = PUSHES  history (JSON), version, expiresAt
 *   pk = CAMPAIGN#<campaignId>      sk = <when the phone was there, UTC>#<storeId>#<personId>
 *                                   decisionId, reason, atMs, isHeldOut, isDryRun, deviceId, token?,
 *                                   sendingAtMs?, sentAtMs?, failure?, openedAtMs?, clickedAtMs?, expiresAt
 *   pk = LINK#<token>               sk = LINK   decisionId, expiresAt
 *   pk = ENTERS#<storeId>#<UTC day> sk = <at, UTC>#<deviceId>   personId, receivedAtMs, expiresAt
 *   ByPerson   gsi1pk = PERSON#<personId>, gsi1sk = <pk>#<sk>; on every one of them, so that a person can be forgotten
 *
 * Whether a customer may receive a push depends on their recent pushes, of any campaign and near any store. So these are
 * one row with a version: of two of the customer's phones at the same time one writes it, and the other must decide again.
 */

import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type {
  DecisionRef,
  PushDecisionStore,
  PushRowKey,
  StoredDecision,
} from '#application/ports/push-decision-store.ts';
import { defined } from '#application/support/defined.ts';
import { type DecisionReason, NO_PUSHES, type PushHistory } from '#domain/campaigns/push-decision.ts';
import { DAY_MS } from '#domain/chain/duration.ts';
import type { CampaignId, DeviceId, PersonId, StoreId } from '#domain/chain/ids.ts';
import { succeedsIf } from './conditional-write.ts';

/** A year, and a month for reports on it. */
const DECISIONS_KEPT_DAYS = 400;
/** A preview covers the last week; a few days more allow for holidays. */
const ENTERS_KEPT_DAYS = 35;

const expiryOf = (atMs: number, days: number): number => Math.floor((atMs + days * DAY_MS) / 1_000);

/** Times of a fixed width, so that texts compare like times. */
const timeText = (ms: number): string => new Date(ms).toISOString();
/** Sorts after every text that begins with a time. */
const END = '~';

const historyKey = (personId: PersonId): PushRowKey => ({ pk: `PUSHES#${personId}`, sk: 'PUSHES' });
const decisionKey = ({ campaignId, storeId, personId, sampleAtMs }: DecisionRef): PushRowKey => ({
  pk: `CAMPAIGN#${campaignId}`,
  sk: `${timeText(sampleAtMs)}#${storeId}#${personId}`,
});
const linkKey = (token: string): PushRowKey => ({ pk: `LINK#${token}`, sk: 'LINK' });
const entersKey = (storeId: StoreId, day: string): string => `ENTERS#${storeId}#${day}`;
const utcDay = (ms: number): string => timeText(ms).slice(0, 10);

const about = (personId: PersonId, { pk, sk }: PushRowKey) => ({
  pk,
  sk,
  gsi1pk: `PERSON#${personId}`,
  gsi1sk: `${pk}#${sk}`,
});

/** Returns the store of push decisions: a list of short methods over one table. */
export function dynamoPushDecisionStore(
  client: DynamoDBDocumentClient,
  TableName: string,
): PushDecisionStore {
  async function read(Key: PushRowKey): Promise<Record<string, unknown> | undefined> {
    const { Item } = await client.send(new GetCommand({ TableName, Key: { ...Key }, ConsistentRead: true }));
    return Item;
  }

  const put = (Item: Record<string, unknown>, condition?: string, values?: Record<string, unknown>) =>
    client.send(
      new PutCommand({
        TableName,
        Item,
        ...defined({ ConditionExpression: condition, ExpressionAttributeValues: values }),
      }),
    );

  /** Updates an existing decision; one of an erased customer is not created again. */
  const update = (
    ref: DecisionRef,
    input: Pick<UpdateCommandInput, 'UpdateExpression' | 'ExpressionAttributeValues'>,
    condition = '',
  ) =>
    succeedsIf(
      client.send(
        new UpdateCommand({
          TableName,
          Key: { ...decisionKey(ref) },
          ...input,
          ConditionExpression: `attribute_exists(pk)${condition}`,
        }),
      ),
    );

  async function* query(pk: string, from: string, to: string): AsyncGenerator<Record<string, unknown>> {
    const pages = paginateQuery(
      { client },
      {
        TableName,
        KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
        ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
        ConsistentRead: true,
      },
    );
    for await (const page of pages) yield* page.Items ?? [];
  }

  return {
    async pushHistory(personId) {
      const item = await read(historyKey(personId));
      if (item === undefined) return { history: NO_PUSHES, version: 0 };
      return {
        history: JSON.parse(String(item['history'])) as PushHistory,
        version: Number(item['version']),
      };
    },
    savePushHistory: (personId, history, seenVersion, nowMs) =>
      succeedsIf(
        put(
          {
            ...about(personId, historyKey(personId)),
            history: JSON.stringify(history),
            version: seenVersion + 1,
            expiresAt: expiryOf(nowMs, ENTERS_KEPT_DAYS),
          },
          seenVersion === 0 ? 'attribute_not_exists(pk)' : 'version = :seen',
          seenVersion === 0 ? undefined : { ':seen': seenVersion },
        ),
      ),
    async putDecision(decision) {
      const { campaignId, storeId, personId, sampleAtMs, ...fields } = decision;
      const expiresAt = expiryOf(decision.atMs, DECISIONS_KEPT_DAYS);
      // The link first: a decision without its link would be a push that cannot be opened.
      if (decision.token !== undefined) {
        const link = about(personId, linkKey(decision.token));
        const ref = { campaignId, storeId, personId, sampleAtMs };
        await put({ ...link, ref: JSON.stringify(ref), expiresAt });
      }
      return await succeedsIf(
        put({ ...about(personId, decisionKey(decision)), ...fields, expiresAt }, 'attribute_not_exists(pk)'),
      );
    },
    async decision(ref) {
      const item = await read(decisionKey(ref));
      return item && toDecision(item);
    },
    beginSending: (ref, atMs) =>
      update(
        ref,
        { UpdateExpression: 'SET sendingAtMs = :at', ExpressionAttributeValues: { ':at': atMs } },
        ' AND attribute_not_exists(sendingAtMs)',
      ),
    async sent(ref, atMs) {
      await update(ref, {
        UpdateExpression: 'SET sentAtMs = :at',
        ExpressionAttributeValues: { ':at': atMs },
      });
    },
    async failed(ref, why) {
      await update(ref, {
        UpdateExpression: 'SET failure = :why',
        ExpressionAttributeValues: { ':why': why },
      });
    },
    async byToken(token) {
      const link = await read(linkKey(token));
      if (link === undefined) return undefined;
      const item = await read(decisionKey(JSON.parse(String(link['ref'])) as DecisionRef));
      return item && toDecision(item);
    },
    async opened(ref, atMs) {
      await update(
        ref,
        { UpdateExpression: 'SET openedAtMs = :at', ExpressionAttributeValues: { ':at': atMs } },
        ' AND attribute_not_exists(openedAtMs)',
      );
    },
    async clicked(ref, atMs) {
      await update(
        ref,
        { UpdateExpression: 'SET clickedAtMs = :at', ExpressionAttributeValues: { ':at': atMs } },
        ' AND attribute_not_exists(clickedAtMs)',
      );
    },
    async *decisions(campaignId, fromMs, toMs) {
      const from = fromMs === undefined ? '!' : timeText(fromMs);
      const to = toMs === undefined ? END : `${timeText(toMs)}${END}`;
      for await (const item of query(`CAMPAIGN#${campaignId}`, from, to)) yield toDecision(item);
    },
    async putEntry({ personId, deviceId, storeId, sampleAtMs, receivedAtMs }) {
      const key = {
        pk: entersKey(storeId, utcDay(sampleAtMs)),
        sk: `${timeText(sampleAtMs)}#${deviceId}`,
      };
      const expiresAt = expiryOf(Math.max(sampleAtMs, receivedAtMs), ENTERS_KEPT_DAYS);
      await put({ ...about(personId, key), personId, receivedAtMs, expiresAt });
    },
    async *entries(storeId, fromMs, toMs) {
      for (let dayMs = Date.parse(utcDay(fromMs)); dayMs <= toMs; dayMs += DAY_MS) {
        const pk = entersKey(storeId, utcDay(dayMs));
        for await (const item of query(pk, timeText(fromMs), `${timeText(toMs)}${END}`)) {
          const [at = '', deviceId = ''] = String(item['sk']).split('#');
          yield {
            personId: item['personId'] as PersonId,
            deviceId: deviceId as DeviceId,
            storeId,
            sampleAtMs: Date.parse(at),
            receivedAtMs: Number(item['receivedAtMs']),
          };
        }
      }
    },
    async *ofPerson(personId) {
      const pages = paginateQuery(
        { client },
        {
          TableName,
          IndexName: 'ByPerson',
          KeyConditionExpression: 'gsi1pk = :person',
          ExpressionAttributeValues: { ':person': `PERSON#${personId}` },
        },
      );
      for await (const page of pages)
        for (const { pk, sk } of page.Items ?? []) yield { pk: String(pk), sk: String(sk) };
    },
    async remove({ pk, sk }) {
      await client.send(new DeleteCommand({ TableName, Key: { pk, sk } }));
    },
  };
}

const TIMES = ['sendingAtMs', 'sentAtMs', 'openedAtMs', 'clickedAtMs'] as const;
const TEXTS = ['token', 'failure'] as const;

function toDecision(item: Record<string, unknown>): StoredDecision {
  const [at = '', storeId = '', personId = ''] = String(item['sk']).split('#');
  const optional = [
    ...TIMES.map((name) => [name, item[name] === undefined ? undefined : Number(item[name])] as const),
    ...TEXTS.map((name) => [name, item[name]] as const),
  ].filter(([, value]) => value !== undefined);
  return {
    decisionId: String(item['decisionId']),
    reason: item['reason'] as DecisionReason,
    campaignId: String(item['pk']).slice('CAMPAIGN#'.length) as CampaignId,
    storeId: storeId as StoreId,
    personId: personId as PersonId,
    sampleAtMs: Date.parse(at),
    atMs: Number(item['atMs']),
    isHeldOut: item['isHeldOut'] === true,
    isDryRun: item['isDryRun'] === true,
    deviceId: item['deviceId'] as DeviceId,
    ...(Object.fromEntries(optional) as Partial<StoredDecision>),
  };
}
