/** AWS's limits, from the SNS API reference and developer guide, and those of the push services. */
export const TOKEN_BYTES_MAX = 8192;
export const APNS_TOKEN_HEX_MAX = 400;
export const USER_DATA_BYTES_MAX = 2048;
export const MESSAGE_BYTES_MAX = 256 * 1024;
/** Of the payload that reaches the phone: FCM and APNs have the same limit. */
export const PAYLOAD_BYTES_MAX = 4096;

/** The number of messages stored per endpoint. AWS stores none: the phone does. */
export const DELIVERIES_KEPT_MAX = 200;
