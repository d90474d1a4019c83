/** Port: pushes to phones. */

export type IsEndpointKnown = (endpointArn: string) => Promise<boolean>;

export type PushPlatform = 'fcm' | 'apns';

export interface PushNote {
  readonly title: string;
  readonly body: string;
  /** Where a tap leads. */
  readonly link: string;
  /** At most 64 bytes: Apple knows a repetition by no more. */
  readonly pushId: string;
  /** How long the push service keeps trying to reach a phone that is switched off. */
  readonly ttlSeconds: number;
}

/** ARNs of the platform applications; a platform without one is not pushed to. */
export type PushApplications = Readonly<Partial<Record<PushPlatform, string>>>;

export type RegisterOutcome =
  | { readonly kind: 'registered'; readonly endpointArn: string }
  /** The token is none, or the platform is not set up. The reason never holds the token. */
  | { readonly kind: 'refused'; readonly reason: string };

export type SendOutcome =
  | { readonly kind: 'sent'; readonly messageId: string }
  /** The app is not on the phone any more, or was never. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface PhonePush {
  /** The endpoint of a token, switched on, with this user data and no other. */
  register(platform: PushPlatform, token: string, userData?: string): Promise<RegisterOutcome>;
  /** Sends at most once: what may have gone out is not tried again, and throws. */
  send(endpointArn: string, platform: PushPlatform, note: PushNote): Promise<SendOutcome>;
  /** Deletes an endpoint and its token; one that is gone is passed over. */
  forget(endpointArn: string): Promise<void>;
}
