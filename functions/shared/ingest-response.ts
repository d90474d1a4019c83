/** Responses of the endpoints that take many entries in one request and answer each on its own. */
import * as v from 'valibot';
import { RETRY_AFTER_SECONDS } from '#application/ingestion/batch-response.ts';
import type { HttpResponse } from './http.ts';

/** Returns a response checked against its contract; 429 carries the pause before a retry. */
export function ingestResponse<Schema extends v.GenericSchema>(
  schema: Schema,
  status: number,
  body: v.InferInput<Schema>,
): HttpResponse {
  return {
    status,
    body: v.parse(schema, body) as object,
    headers: status === 429 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {},
  };
}
