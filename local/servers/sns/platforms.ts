/**
 * The push services that endpoints belong to. SNS still calls Firebase by the name of its predecessor; the sandbox of
 * Apple's service is a platform of its own, with tokens of its own.
 */
export const PLATFORMS = ['GCM', 'APNS', 'APNS_SANDBOX'] as const;
export type Platform = (typeof PLATFORMS)[number];

export const isApple = (platform: Platform): boolean => platform !== 'GCM';
