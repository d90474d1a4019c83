/**
 * The push services of endpoints. SNS names Firebase by its predecessor, GCM; the sandbox of Apple's service is a
 * platform of its own, with tokens of its own.
 */
export const PLATFORMS = ['GCM', 'APNS', 'APNS_SANDBOX'] as const;
export type Platform = (typeof PLATFORMS)[number];

/** Returns whether the platform is APNs or its sandbox. */
export const isApple = (platform: Platform): boolean => platform !== 'GCM';
