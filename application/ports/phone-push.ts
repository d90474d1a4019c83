/** Port: pushes to phones. */

export type IsEndpointKnown = (endpointArn: string) => Promise<boolean>;

export type PushPlatform = 'fcm' | 'apns';

export interface PushNote {
  readonly title: string;
  readonly body: string;
  /** Opened by a tap. */
  readonly link: string;
  /** The name of the chain. */
  readonly sender: string;
  /** The page on which the customer refuses further pushes; the app shows it beside the push. */
  readonly refuseLink: string;
  /** At most 64 bytes, the limit of APNs' collapse id. */
  readonly pushId: string;
  /** How long the push service retries while the phone is unreachable. */
  readonly ttlSeconds: number;
}

/** ARNs of the platform applications; a platform without one receives no pushes. */
export type PushApplications = Readonly<Partial<Record<PushPlatform, string>>>;

export type RegisterOutcome =
  | { readonly kind: 'registered'; readonly endpointArn: string }
  /** The token is invalid, or the platform is not set up. The reason never contains the token. */
  | { readonly kind: 'refused'; readonly reason: string };

export type SendOutcome =
  | { readonly kind: 'sent'; readonly messageId: string }
  /** The app is not, or no longer, installed on the phone. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface PhonePush {
  /** Returns the endpoint of a token, enabled and with exactly this user data. */
  register(platform: PushPlatform, token: string, userData?: string): Promise<RegisterOutcome>;
  /** Sends at most once: a push that may have been sent is not retried; throws in that case. */
  send(endpointArn: string, platform: PushPlatform, note: PushNote): Promise<SendOutcome>;
  /** Deletes an endpoint and its token; one that does not exist is ignored. */
  forget(endpointArn: string): Promise<void>;
}
