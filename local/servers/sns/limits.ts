/** What AWS allows, from the SNS API reference and developer guide, and from what SNS and the push services refuse. */
export const TOKEN_BYTES_MAX = 8192;
export const APNS_TOKEN_HEX_MAX = 400;
export const USER_DATA_BYTES_MAX = 2048;
export const MESSAGE_BYTES_MAX = 256 * 1024;
/** Of what reaches the phone: FCM and APNs have the same limit. */
export const PAYLOAD_BYTES_MAX = 4096;

/** How many messages are kept for each endpoint. AWS keeps none: it is the phone that does. */
export const DELIVERIES_KEPT_MAX = 200;
