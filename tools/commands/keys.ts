/**
 * `aisle keys …`: issues, rotates, revokes and lists device keys. A secret is printed once and never stored; a lost key must
 * be rotated. Standard output contains only the key, so it can be piped into a till's settings.
 */
import type { DeviceStore } from '#application/ports/device-store.ts';
import { parseKey } from '#contracts/device-key.ts';
import { DEVICE_KINDS, type DeviceKey, type DeviceKind, STORELESS_KINDS } from '#domain/chain/device-key.ts';
import { type DeviceId, isPlaceId, type StoreId } from '#domain/chain/ids.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud, requireStore } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError, usageError } from '../command.ts';
import { readDurationMs } from '../input/duration.ts';
import { issueKey } from '../issue-key.ts';

const DEVICE_OPTIONS = {
  store: { type: 'string' },
  device: { type: 'string' },
  ...CLOUD_OPTIONS,
} as const;

const OVERLAP_DEFAULT = '24h';

/** The gateway caches the authorizer's result for this long; see lib/constructs/gateway.ts. */
const AUTHORIZER_CACHE_S = 30;

const isLive = (key: DeviceKey, nowMs: number): boolean =>
  key.revokedAtMs === undefined && (key.goodUntilMs ?? Number.POSITIVE_INFINITY) > nowMs;

/** Returns the keys of a device. Throws a UserError where there are none, or `store` is needed to distinguish two devices. */
async function keysOfDevice(
  devices: DeviceStore,
  device: string,
  store: string | undefined,
): Promise<DeviceKey[]> {
  const keys = (await devices.list()).filter(
    (key) => key.deviceId === device && (store === undefined || key.storeId === store),
  );
  const stores = new Set(keys.map((key) => key.storeId));
  if (keys.length === 0)
    throw new UserError(`no key has been issued for ${device}${store ? ` in ${store}` : ''}`);
  if (stores.size > 1)
    throw usageError(`${device} exists in ${[...stores].sort().join(' and ')}; pass --store`);
  return keys;
}

function kindsOf(text: string): DeviceKind[] {
  const kinds = text.split(/[\s,]+/).filter((kind) => kind !== '');
  const unknown = kinds.find((kind) => !DEVICE_KINDS.includes(kind as DeviceKind));
  if (unknown !== undefined || kinds.length === 0) {
    throw usageError(`--kinds must be of ${DEVICE_KINDS.join(', ')}; not "${unknown ?? ''}"`);
  }
  return [...new Set(kinds)] as DeviceKind[];
}

export const keysIssue: Command = {
  name: 'keys issue',
  summary: 'issue a key for a device',
  help: `Usage: aisle keys issue --store sz01 --device till-1 [--kinds receipts]
       aisle keys issue --device app-server --kinds people

Issues a key that allows a device to post for one store, and prints it once, on standard output. Only its
hash is stored. The device sends it as "Authorization: Bearer <key>". The key of the chain's own app
server, which binds phones to customers, belongs to no store.

  --kinds   what the device may post, separated by commas: ${DEVICE_KINDS.join(', ')};
            default: receipts

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      ...DEVICE_OPTIONS,
      kinds: { type: 'string', default: 'receipts' },
    });
    const deviceId = required(values.device, '--device') as DeviceId;
    if (!isPlaceId(deviceId))
      throw usageError('--device must consist of letters, digits, dots, dashes and underscores');
    const kinds = kindsOf(values.kinds);
    if (kinds.includes('positions'))
      throw usageError(
        'positions keys are issued when the app server binds a phone to a customer: POST /v1/phones',
      );
    const isStoreless = kinds.every((kind) => STORELESS_KINDS.includes(kind));
    if (!isStoreless && kinds.some((kind) => STORELESS_KINDS.includes(kind)))
      throw usageError('kind people cannot be combined with other kinds');
    if (isStoreless && values.store !== undefined)
      throw usageError('a key of kind people belongs to no store; omit --store');
    const storeId = isStoreless ? undefined : (required(values.store, '--store') as StoreId);
    const where = storeId === undefined ? '' : ` in ${storeId}`;
    const cloud = openCloud(values, terminal);
    if (storeId !== undefined) await requireStore(cloud, storeId);
    const devices = cloud.devices();
    const nowMs = terminal.nowMs();
    const existing = (await devices.list()).filter(
      (key) => key.deviceId === deviceId && key.storeId === storeId,
    );
    if (existing.some((key) => isLive(key, nowMs))) {
      throw new UserError(
        `${deviceId}${where} already has a key; to replace it: aisle keys rotate --device ${deviceId}`,
      );
    }
    const key = await issueKey(
      devices,
      { deviceId, kinds, ...(storeId !== undefined && { storeId }) },
      nowMs,
    );
    terminal.err(`Key of ${deviceId}${where} for ${kinds.join(', ')}. It will not be shown again.\n`);
    terminal.out(`${key}\n`);
    return EXIT.ok;
  },
};

export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'replace the key of a device',
  help: `Usage: aisle keys rotate --device till-1 [--store sz01] [--overlap ${OVERLAP_DEFAULT}]

Issues a new key for a device and prints it once. The old key stays valid for the overlap (24h, 30m, 0s),
so that the device can be reconfigured without downtime. Pass --store if the device name exists in two stores.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      ...DEVICE_OPTIONS,
      overlap: { type: 'string', default: OVERLAP_DEFAULT },
    });
    const device = required(values.device, '--device');
    const overlapMs = readDurationMs(values.overlap, '--overlap');
    const devices = openCloud(values, terminal).devices();
    const nowMs = terminal.nowMs();
    const keys = await keysOfDevice(devices, device, values.store);
    const live = keys.filter((key) => isLive(key, nowMs));
    const newest = live.sort((a, b) => a.createdAtMs - b.createdAtMs).at(-1);
    if (newest === undefined)
      throw new UserError(`${device} has no valid key to replace; see: aisle keys issue --help`);
    const { deviceId, storeId, kinds } = newest;
    const owner = { deviceId, kinds, ...(storeId !== undefined && { storeId }) };
    const key = await issueKey(devices, owner, nowMs);
    for (const old of live) await devices.expire(old.keyId, nowMs + overlapMs);
    terminal.err(
      `New key of ${device}${storeId === undefined ? '' : ` in ${storeId}`}. It will not be shown again. ` +
        `The old key is valid until ${new Date(nowMs + overlapMs).toISOString()}.\n`,
    );
    terminal.out(`${key}\n`);
    return EXIT.ok;
  },
};

export const keysRevoke: Command = {
  name: 'keys revoke',
  summary: 'revoke a key, or all keys of a device',
  help: `Usage: aisle keys revoke --key <key id>
       aisle keys revoke --device till-1 [--store sz01]

Permanently revokes a key (given by its id, or as a whole) or every key of a device. It takes effect within
${AUTHORIZER_CACHE_S} seconds.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, { ...DEVICE_OPTIONS, key: { type: 'string' } });
    if ((values.key === undefined) === (values.device === undefined))
      throw usageError('pass --key or --device');
    const devices = openCloud(values, terminal).devices();
    const ids =
      values.key === undefined
        ? (await keysOfDevice(devices, required(values.device, '--device'), values.store)).map(
            (key) => key.keyId,
          )
        : [parseKey(values.key)?.keyId ?? values.key];
    let revoked = 0;
    for (const keyId of ids) {
      const { kind } = await devices.revoke(keyId, terminal.nowMs());
      if (kind === 'unknown') throw new UserError(`key ${keyId} not found; see: aisle keys list`);
      if (kind === 'ended') revoked++;
    }
    terminal.out(`${revoked} revoked; effective within ${AUTHORIZER_CACHE_S} seconds.\n`);
    return EXIT.ok;
  },
};

function stateOf(key: DeviceKey, nowMs: number): string {
  if (key.revokedAtMs !== undefined) return `revoked ${new Date(key.revokedAtMs).toISOString()}`;
  if (key.goodUntilMs === undefined) return 'valid';
  const until = new Date(key.goodUntilMs).toISOString();
  return key.goodUntilMs > nowMs ? `valid until ${until}` : `replaced ${until}`;
}

export const keysList: Command = {
  name: 'keys list',
  summary: 'list keys and their state',
  help: `Usage: aisle keys list [--store sz01] [--device till-1]

Lists key ids, never secrets, which are not stored.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, DEVICE_OPTIONS);
    const keys = (await openCloud(values, terminal).devices().list())
      .filter((key) => values.store === undefined || key.storeId === values.store)
      .filter((key) => values.device === undefined || key.deviceId === values.device)
      .sort(
        (a, b) =>
          (a.storeId ?? '').localeCompare(b.storeId ?? '') ||
          a.deviceId.localeCompare(b.deviceId) ||
          a.createdAtMs - b.createdAtMs,
      );
    const rows = keys.map((key) => [
      key.keyId,
      key.storeId ?? '',
      key.deviceId,
      key.kinds.join(','),
      new Date(key.createdAtMs).toISOString(),
      stateOf(key, terminal.nowMs()),
    ]);
    terminal.out(`${table(['key id', 'store', 'device', 'may post', 'issued', 'state'], rows)}\n`);
    return EXIT.ok;
  },
};
