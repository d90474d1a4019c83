/** ListTrackers, in the order they were created in. */
import { NO_PLAN } from '../descriptions.ts';
import type { Location } from '../location.ts';
import { readNumberedPage } from '../page-tokens.ts';
import { operation } from '../rest-json.ts';
import { page } from '../shapes.ts';

export const listTrackers = ({ trackers }: Location) =>
  operation('POST /tracking/v0/list-trackers', page, (input) => {
    const { rows, nextToken } = readNumberedPage('trackers', input, trackers.after);
    return {
      Entries: rows.map(({ name, description, createdAtMs, updatedAtMs }) => ({
        TrackerName: name,
        Description: description,
        ...NO_PLAN,
        CreateTime: new Date(createdAtMs),
        UpdateTime: new Date(updatedAtMs),
      })),
      NextToken: nextToken,
    };
  });
