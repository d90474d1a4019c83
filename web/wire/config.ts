/**
 * The runtime configuration: issuer and API URL. The same build runs in every stage, so the configuration is fetched at the
 * start from the server of the app.
 */
import * as v from 'valibot';

export const AppConfig = v.object({
  issuer: v.pipe(v.string(), v.url()),
  clientId: v.pipe(v.string(), v.minLength(1)),
  /** Empty where the API has the app's own origin. */
  apiUrl: v.string(),
});

export type AppConfig = v.InferOutput<typeof AppConfig>;

/** Fetches the configuration. Throws where the server responds with an error or an invalid configuration. */
export async function fetchConfig(fetcher: typeof fetch): Promise<AppConfig> {
  const response = await fetcher('/config.json', { cache: 'no-store' });
  if (!response.ok) throw new Error(`/config.json: ${response.status}`);
  return v.parse(AppConfig, await response.json());
}
