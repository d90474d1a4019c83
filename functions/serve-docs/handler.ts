/** GET /openapi.json and GET /docs: the description of the API as OpenAPI and as a page. */
import { httpHandler } from '../shared/http.ts';
import { serveDocs } from './serve-docs.ts';

export const handler = httpHandler({
  serviceName: 'serve-docs',
  ignoresUnknownQuery: true,
  handle: async (event) => serveDocs(event),
});
