/** GET /c/{token}: redirects from the link of a push to its offer, or shows the offer where the campaign names no page. */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { httpHandler } from '../shared/http.ts';
import { followLink } from './follow-link.ts';
import { offerPage, unknownPage } from './landing-page.ts';

const client = documentClient();
const table = requireEnv(process.env, env.campaignsTable);
const ports = {
  pushDecisions: dynamoPushDecisionStore(client, table),
  campaigns: dynamoCampaignStore(client, table),
  nowMs: Date.now,
};

/** The link is personal: no cache may store the response, and the target page must not receive it as a referrer. */
const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
const PAGE = {
  ...PRIVATE,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
};

export const handler = httpHandler<APIGatewayProxyEventV2>({
  serviceName: 'follow-link',
  handle: async (event) => {
    const followed = await followLink(ports, event.pathParameters?.['token'] ?? '');
    const isChinese = /^zh\b/i.test(event.headers['accept-language'] ?? '');
    const language = isChinese ? 'zh' : 'en';
    if (followed.kind === 'unknown') return { status: 404, body: unknownPage(language), headers: PAGE };
    const { offer } = followed;
    if (offer.url !== undefined)
      // A campaign of an earlier release may hold an address as it was typed, which no header can carry.
      return { status: 302, body: '', headers: { ...PRIVATE, location: new URL(offer.url).href } };
    return { status: 200, body: offerPage(offer, language), headers: PAGE };
  },
});
