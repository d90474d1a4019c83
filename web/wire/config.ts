/**
 * What the app is told by whoever serves it: where people sign in and where the API is. The same built files
 * run in every stage, so it is asked for at the start and never built in.
 */
import * as v from 'valibot';

export const AppConfig = v.object({
  issuer: v.pipe(v.string(), v.url()),
  clientId: v.pipe(v.string(), v.minLength(1)),
  /** May be empty where the API answers at the app's own origin. */
  apiUrl: v.string(),
});

export type AppConfig = v.InferOutput<typeof AppConfig>;

export async function fetchConfig(fetcher: typeof fetch): Promise<AppConfig> {
  const response = await fetcher('/config.json', { cache: 'no-store' });
  if (!response.ok) throw new Error(`/config.json: ${response.status}`);
  return v.parse(AppConfig, await response.json());
}
