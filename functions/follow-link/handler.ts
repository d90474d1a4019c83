/**
 * GET /c/{token}: redirects from the link of a push to its offer, or shows the offer where the campaign names no page.
 * GET and POST /c/{token}/refuse: the page and the button by which the customer refuses further pushes.
 */
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { dynamoCampaignStore } from '#adapters/dynamodb/campaign-store.ts';
import { dynamoChainStore } from '#adapters/dynamodb/chain-store.ts';
import { documentClient } from '#adapters/dynamodb/client.ts';
import { dynamoPersonStore } from '#adapters/dynamodb/person-store.ts';
import { dynamoPushDecisionStore } from '#adapters/dynamodb/push-decision-store.ts';
import { env, requireEnv } from '#contracts/env.ts';
import { type HttpResponse, httpHandler } from '../shared/http.ts';
import { cachedFor } from '../shared/ttl-cache.ts';
import { followLink, isPushToken } from './follow-link.ts';
import { offerPage, refusedPage, refusePage, unknownPage } from './landing-page.ts';
import { refusePushes } from './refuse-pushes.ts';

const client = documentClient();
const table = requireEnv(process.env, env.campaignsTable);
const chain = dynamoChainStore(client, requireEnv(process.env, env.chainTable));
const ports = {
  pushDecisions: dynamoPushDecisionStore(client, table),
  campaigns: dynamoCampaignStore(client, table),
  people: dynamoPersonStore(client, requireEnv(process.env, env.peopleTable)),
  nowMs: Date.now,
};

const CHAIN_TTL_MS = 60_000;
const chainOf = cachedFor((_: 'chain') => chain.chain(), CHAIN_TTL_MS, Date.now);
const senderName = async (): Promise<string> => (await chainOf('chain'))?.name ?? '';

/** The link is personal: no cache may store the response, and the target page must not receive it as a referrer. */
const PRIVATE = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
const pageHeaders = (formAction: "'none'" | "'self'") => ({
  ...PRIVATE,
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action ${formAction}`,
});
const PAGE = pageHeaders("'none'");

type Language = 'zh' | 'en';

async function refusal(method: string, token: string, language: Language): Promise<HttpResponse> {
  const unknown = { status: 404, body: unknownPage(language), headers: PAGE };
  if (method === 'POST') {
    const outcome = await refusePushes(ports, token);
    return outcome === 'unknown' ? unknown : { status: 200, body: refusedPage(language), headers: PAGE };
  }
  const isKnown = isPushToken(token) && (await ports.pushDecisions.byToken(token)) !== undefined;
  if (!isKnown) return unknown;
  return { status: 200, body: refusePage(language, await senderName()), headers: pageHeaders("'self'") };
}

export const handler = httpHandler<APIGatewayProxyEventV2>({
  serviceName: 'follow-link',
  ignoresUnknownQuery: true,
  handle: async (event) => {
    const token = event.pathParameters?.['token'] ?? '';
    const language: Language = /^zh\b/i.test(event.headers['accept-language'] ?? '') ? 'zh' : 'en';
    if (event.rawPath.endsWith('/refuse')) {
      return await refusal(event.requestContext.http.method, token, language);
    }
    const followed = await followLink(ports, token);
    if (followed.kind === 'unknown') return { status: 404, body: unknownPage(language), headers: PAGE };
    const { offer } = followed;
    if (offer.url !== undefined)
      // A campaign of an earlier release may hold an address as it was typed, which no header can carry.
      return { status: 302, body: '', headers: { ...PRIVATE, location: new URL(offer.url).href } };
    const origin = { sender: await senderName(), refusePath: `/c/${token}/refuse` };
    return { status: 200, body: offerPage(offer, language, origin), headers: PAGE };
  },
});
