import { describe, expect, it } from 'vitest';
import { demoChain } from '#sim/chain/demo-chain.ts';
import { type AcceptedReceipt, simulateTills } from '#sim/tills/simulate-tills.ts';

/** Three in the afternoon in China. */
const NOW_MS = Date.parse('2026-11-22T15:00:00+08:00');

interface Request {
  readonly authorization: string;
  readonly receipts: readonly { store: string; till: string; receiptNo: string; closedAt: string }[];
}

type Reply = (request: Request, count: number) => Response;

const accepting: Reply = ({ receipts }) =>
  Response.json(
    { receipts: receipts.map((_, index) => ({ status: 'accepted', index, id: 'x' })) },
    { status: 202 },
  );

/** Simulates until a number of live receipts have been accepted, against a server with the given replies. */
async function simulate({
  live,
  seed = 's',
  reply = accepting,
}: {
  live: number;
  seed?: string;
  reply?: Reply;
}) {
  const requests: Request[] = [];
  const accepted: AcceptedReceipt[] = [];
  const stop = new AbortController();
  let nowMs = NOW_MS;
  await simulateTills({
    url: 'http://till.test',
    keyOf: (store) => `key-of-${store.storeId}`,
    chain: demoChain,
    seed,
    speed: 20,
    daysBefore: 1,
    nowMs: () => nowMs,
    post: async (_, init) => {
      const request = {
        authorization: new Headers(init?.headers).get('authorization') ?? '',
        receipts: JSON.parse(String(init?.body)).receipts,
      };
      requests.push(request);
      return reply(request, requests.length);
    },
    wait: async (ms) => {
      nowMs += ms;
    },
    stop: stop.signal,
    onReceipt: (posted) => {
      accepted.push(posted);
      if (accepted.filter(({ isLive }) => isLive).length >= live) stop.abort();
    },
  });
  return { requests, accepted, lastedMs: nowMs - NOW_MS };
}

const namesOf = (accepted: readonly AcceptedReceipt[]) =>
  accepted.map(
    ({ receipt }) => `${receipt.store}/${receipt.till}/${receipt.closedAt.slice(0, 10)}/${receipt.receiptNo}`,
  );

describe('simulateTills', () => {
  it('posts yesterday and today until now, then live receipts', async () => {
    const { accepted } = await simulate({ live: 30 });
    const past = accepted.filter(({ isLive }) => !isLive);
    const live = accepted.filter(({ isLive }) => isLive);
    expect(live).toHaveLength(30);
    for (const { receipt } of past) expect(Date.parse(receipt.closedAt)).toBeLessThanOrEqual(NOW_MS);
    for (const { receipt } of live) expect(Date.parse(receipt.closedAt)).toBeGreaterThanOrEqual(NOW_MS);
    const days = new Set(past.map(({ receipt }) => receipt.closedAt.slice(0, 10)));
    expect(days).toEqual(new Set(['2026-11-21', '2026-11-22']));
    expect(past.length).toBeGreaterThan(3_000);
  });

  it("posts every store's receipts with that store's key, at most 500 at once", async () => {
    const { requests } = await simulate({ live: 5 });
    for (const { authorization, receipts } of requests) {
      const stores = new Set(receipts.map(({ store }) => `Bearer key-of-${store}`));
      expect(stores).toEqual(new Set([authorization]));
      expect(receipts.length).toBeLessThanOrEqual(500);
    }
  });

  it('posts the same receipts for the same seed', async () => {
    const [one, same, other] = [
      await simulate({ live: 10 }),
      await simulate({ live: 10 }),
      await simulate({ live: 10, seed: 't' }),
    ];
    expect(same.accepted).toEqual(one.accepted);
    expect(other.accepted).not.toEqual(one.accepted);
  });

  it('posts about a receipt a second at speed 20', async () => {
    const { lastedMs } = await simulate({ live: 300 });
    expect(lastedMs / 300).toBeGreaterThan(300);
    expect(lastedMs / 300).toBeLessThan(2_500);
  });

  it('loses and repeats no receipt over an unreliable network and a throttled log', async () => {
    const unreliable: Reply = (request, count) => {
      if (count % 5 === 0) throw new TypeError('fetch failed');
      if (count % 5 === 1) return new Response('bad gateway', { status: 502 });
      if (count % 5 === 2) {
        const receipts = request.receipts.map((_, index) =>
          index % 2 === 0
            ? { status: 'accepted', index, id: 'x' }
            : { status: 'not-accepted', index, problem: {} },
        );
        return Response.json({ receipts }, { status: 429 });
      }
      return accepting(request, count);
    };
    const undisturbed = await simulate({ live: 20 });
    const disturbed = await simulate({ live: 20, reply: unreliable });
    const past = ({ accepted }: typeof undisturbed) =>
      namesOf(accepted.filter(({ isLive }) => !isLive)).sort();
    expect(past(disturbed)).toEqual(past(undisturbed));
    expect(new Set(namesOf(disturbed.accepted)).size).toBe(disturbed.accepted.length);
  });

  it('throws with the response when a request is refused', async () => {
    const refusing: Reply = () => Response.json({ title: 'Missing or invalid key' }, { status: 401 });
    await expect(simulate({ live: 1, reply: refusing })).rejects.toThrow(/401.*Missing or invalid key/);
  });
});
