/**
 * Batches over HTTPS until each of their receipts is answered for good. What the API could not take now is sent
 * again after it says, and a server that is away is waited for; both end with the person's patience.
 */
import * as v from 'valibot';
import { type Problem, Problem as ProblemSchema } from '#contracts/problems.ts';
import { ReceiptsAnswer } from '#contracts/receipts.ts';
import { UserError } from '../command.ts';
import type { Batch, Parcel } from './batches.ts';
import type { Outcome } from './ledger.ts';

export interface Sending {
  readonly url: string;
  /** The key of a store; throws a UserError where there is none. */
  readonly keyOf: (store: string) => Promise<string>;
  readonly post: typeof fetch;
  readonly wait: (ms: number) => Promise<void>;
  readonly nowMs: () => number;
  /** 0 … 1, so that requests that were refused together do not come back together. */
  readonly random: () => number;
  readonly patienceMs: number;
  readonly stop: AbortSignal;
  /** Told when the server goes away, and when it is there again. */
  readonly onAway: (why: string | undefined) => void;
}

export interface Sender {
  /** Sends a batch; every receipt that is answered goes to `settle`. Ends early when it is stopped. */
  send(batch: Batch, settle: (parcel: Parcel, outcome: Outcome) => void): Promise<void>;
}

const BACKOFF_MS = 250;
const BACKOFF_MS_MAX = 15_000;
const RETRY_AFTER_SECONDS_MAX = 120;
const REQUEST_TIMEOUT_MS = 60_000;
const STATUS_TOO_LARGE = 413;

/** Answers that a later try may change: too early, too many, and whatever is wrong on the other side. */
const isPassing = (status: number): boolean =>
  status === 408 || status === 425 || status === 429 || status >= 500;

type Tried =
  | { readonly kind: 'answered'; readonly answer: ReceiptsAnswer; readonly retryAfterMs: number }
  | { readonly kind: 'problem'; readonly status: number; readonly problem: Problem }
  | { readonly kind: 'away'; readonly why: string; readonly retryAfterMs: number };

export function createSender(sending: Sending): Sender {
  const { url, keyOf, post, wait, nowMs, random, patienceMs, stop, onAway } = sending;
  /** Since when nobody has answered, over all requests. */
  let awaySinceMs: number | undefined;

  function away(why: string): void {
    if (awaySinceMs === undefined) {
      awaySinceMs = nowMs();
      onAway(why);
    }
    if (nowMs() - awaySinceMs < patienceMs) return;
    throw new UserError(`${url} is away (${why}), and patience has ended; run the same again to go on`);
  }

  function back(): void {
    if (awaySinceMs === undefined) return;
    awaySinceMs = undefined;
    onAway(undefined);
  }

  async function attempt(store: string, parcels: readonly Parcel[]): Promise<Tried> {
    const key = await keyOf(store);
    try {
      const response = await post(new URL('/v1/receipts', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
        body: `{"receipts":[${parcels.map(({ text }) => text).join(',')}]}`,
        signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      });
      return read(response, await response.text());
    } catch (error) {
      const { message, cause } = error as Error & { cause?: NodeJS.ErrnoException };
      return { kind: 'away', why: cause?.code ?? message, retryAfterMs: 0 };
    }
  }

  async function send(batch: Batch, settle: (parcel: Parcel, outcome: Outcome) => void): Promise<void> {
    let open = batch.parcels;
    for (let tries = 0; open.length > 0 && !stop.aborted; tries++) {
      const tried = await attempt(batch.store, open);
      if (tried.kind === 'problem') {
        back();
        return await refuseAll({ ...batch, parcels: open }, tried, settle);
      }
      const left = tried.kind === 'answered' ? settleAnswered(open, tried.answer, settle) : open;
      if (left.length === 0) return back();
      if (left.length < open.length) {
        back();
        tries = 0;
      } else {
        away(tried.kind === 'away' ? tried.why : 'it takes no receipt for now');
      }
      open = left;
      const growing = Math.min(BACKOFF_MS * 2 ** Math.min(tries, 16), BACKOFF_MS_MAX) * (0.5 + random() / 2);
      await wait(Math.max(tried.retryAfterMs, growing));
    }
  }

  /** A problem of the whole request: a key that is not good stops the import, anything else refuses the receipts. */
  async function refuseAll(
    { store, parcels }: Batch,
    { status, problem }: Extract<Tried, { kind: 'problem' }>,
    settle: (parcel: Parcel, outcome: Outcome) => void,
  ): Promise<void> {
    const detail = [problem.title, problem.detail].filter(Boolean).join(': ');
    if (status === STATUS_TOO_LARGE && parcels.length > 1) {
      const half = Math.ceil(parcels.length / 2);
      await send({ store, parcels: parcels.slice(0, half) }, settle);
      return await send({ store, parcels: parcels.slice(half) }, settle);
    }
    if (status === STATUS_TOO_LARGE || status === 400) {
      for (const parcel of parcels) settle(parcel, { kind: 'refused', reason: detail });
      return;
    }
    throw new UserError(`store ${store}: ${url} answers ${status} (${detail})`);
  }

  return { send };
}

function read(response: Response, text: string): Tried {
  const retryAfterMs = retryAfterOf(response.headers.get('retry-after'));
  const json = jsonOf(text);
  const answer = v.safeParse(ReceiptsAnswer, json);
  if (answer.success) return { kind: 'answered', answer: answer.output, retryAfterMs };
  if (isPassing(response.status)) return { kind: 'away', why: `status ${response.status}`, retryAfterMs };
  const problem = v.safeParse(ProblemSchema, json);
  return {
    kind: 'problem',
    status: response.status,
    problem: problem.success
      ? problem.output
      : { type: 'about:blank', title: text.slice(0, 200), status: response.status },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds are what everybody sends; a date would need a clock that agrees with theirs. */
function retryAfterOf(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), RETRY_AFTER_SECONDS_MAX) * 1_000 : 0;
}

/** Settles what is answered for good; what is left has to be sent again. */
function settleAnswered(
  parcels: readonly Parcel[],
  answer: ReceiptsAnswer,
  settle: (parcel: Parcel, outcome: Outcome) => void,
): Parcel[] {
  const byIndex = new Map(answer.receipts.map((one) => [one.index, one]));
  return parcels.filter((parcel, index) => {
    const one = byIndex.get(index);
    if (one === undefined || one.status === 'not taken') return true;
    settle(
      parcel,
      one.status === 'accepted' ? { kind: 'accepted' } : { kind: 'refused', reason: reasonOf(one.problem) },
    );
    return false;
  });
}

const FAULTS_TOLD_MAX = 5;

/** `#/receipts/3/lines/0/quantity` says nothing to who looks at a CSV; its last parts do. */
function reasonOf({ title, detail, errors = [] }: Problem): string {
  if (errors.length === 0) return detail ?? title;
  return errors
    .slice(0, FAULTS_TOLD_MAX)
    .map((fault) => `${fault.pointer.replace(/^#\/receipts\/\d+\/?/, '')} ${fault.detail}`.trim())
    .join('; ');
}
