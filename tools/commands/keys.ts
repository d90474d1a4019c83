/**
 * `aisle keys …`: what devices show at the door. A secret is made here, printed once, and kept nowhere:
 * whoever loses it rotates. Standard output carries the key alone, so that it can be piped into a till's settings.
 */
import type { DeviceStore } from '#adapters/dynamodb/device-store.ts';
import { parseKey } from '#contracts/device-key.ts';
import { DEVICE_KINDS, type DeviceKey, type DeviceKind, STORELESS_KINDS } from '#domain/chain/device-key.ts';
import { type DeviceId, isPlaceId, type StoreId } from '#domain/chain/ids.ts';
import { CLOUD_HELP, CLOUD_OPTIONS, openCloud } from '../cloud.ts';
import { type Command, EXIT, readOptions, required, table, UserError, usageError } from '../command.ts';
import { readDurationMs } from '../input/duration.ts';
import { issueKey } from '../issue-key.ts';

const DEVICE_OPTIONS = {
  store: { type: 'string' },
  device: { type: 'string' },
  ...CLOUD_OPTIONS,
} as const;

const OVERLAP_DEFAULT = '24h';

/** Until then an answer of the door may be remembered by the gateway; see lib/constructs/gateway.ts. */
const DOOR_REMEMBERS_S = 30;

const isLive = (key: DeviceKey, nowMs: number): boolean =>
  key.revokedAtMs === undefined && (key.goodUntilMs ?? Number.POSITIVE_INFINITY) > nowMs;

/** The keys of one device; where two stores gave the same name to a device, the store has to be said. */
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
    throw new UserError(`no key was ever issued for ${device}${store ? ` in ${store}` : ''}`);
  if (stores.size > 1)
    throw usageError(`${device} is in ${[...stores].sort().join(' and ')}; say which with --store`);
  return keys;
}

function kindsOf(text: string): DeviceKind[] {
  const kinds = text.split(/[\s,]+/).filter((kind) => kind !== '');
  const unknown = kinds.find((kind) => !DEVICE_KINDS.includes(kind as DeviceKind));
  if (unknown !== undefined || kinds.length === 0) {
    throw usageError(`--kinds takes ${DEVICE_KINDS.join(', ')}; not "${unknown ?? ''}"`);
  }
  return [...new Set(kinds)] as DeviceKind[];
}

export const keysIssue: Command = {
  name: 'keys issue',
  summary: 'make the key of a device',
  help: `Usage: aisle keys issue --store sz01 --device till-1 [--kinds receipts]
       aisle keys issue --device app-server --kinds people

Makes a key with which a device may post for one store, and prints it: once, on standard output. The key of the
chain's own app server, which binds phones to people, belongs to no store.
Only its hash is kept. The device sends it as "Authorization: Bearer <key>".

  --kinds   what it may post, separated by commas: ${DEVICE_KINDS.join(', ')}
            (receipts where left out)

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, {
      ...DEVICE_OPTIONS,
      kinds: { type: 'string', default: 'receipts' },
    });
    const deviceId = required(values.device, '--device') as DeviceId;
    if (!isPlaceId(deviceId))
      throw usageError('--device takes letters, digits, dots, dashes and underscores');
    const kinds = kindsOf(values.kinds);
    if (kinds.includes('positions'))
      throw usageError('a phone gets its key when the app server binds it to somebody: POST /v1/phones');
    const isStoreless = kinds.every((kind) => STORELESS_KINDS.includes(kind));
    if (!isStoreless && kinds.some((kind) => STORELESS_KINDS.includes(kind)))
      throw usageError('the key of the app server is for people and nothing else');
    if (isStoreless && values.store !== undefined)
      throw usageError('the key of the app server belongs to no store');
    const storeId = isStoreless ? undefined : (required(values.store, '--store') as StoreId);
    const where = storeId === undefined ? '' : ` in ${storeId}`;
    const cloud = openCloud(values, terminal);
    if (storeId !== undefined && (await cloud.chain().store(storeId)) === undefined) {
      throw new UserError(`there is no store ${storeId}; see: aisle stores list`);
    }
    const devices = cloud.devices();
    const nowMs = terminal.nowMs();
    const known = (await devices.list()).filter(
      (key) => key.deviceId === deviceId && key.storeId === storeId,
    );
    if (known.some((key) => isLive(key, nowMs))) {
      throw new UserError(
        `${deviceId}${where} has a key; to replace it: aisle keys rotate --device ${deviceId}`,
      );
    }
    const key = await issueKey(
      devices,
      { deviceId, kinds, ...(storeId !== undefined && { storeId }) },
      nowMs,
    );
    terminal.err(`The key of ${deviceId}${where}, for ${kinds.join(', ')}. It is not shown again.\n`);
    terminal.out(`${key}\n`);
    return EXIT.ok;
  },
};

export const keysRotate: Command = {
  name: 'keys rotate',
  summary: 'replace the key of a device',
  help: `Usage: aisle keys rotate --device till-1 [--store sz01] [--overlap ${OVERLAP_DEFAULT}]

Makes a new key for a device and prints it, once. The old one stays good for the overlap, so that the
device can be changed at leisure: 24h, 30m, 0s. Say --store where two stores named a device alike.

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
      throw new UserError(`${device} has no good key to replace; see: aisle keys issue --help`);
    const { deviceId, storeId, kinds } = newest;
    const owner = { deviceId, kinds, ...(storeId !== undefined && { storeId }) };
    const key = await issueKey(devices, owner, nowMs);
    for (const old of live) await devices.expire(old.keyId, nowMs + overlapMs);
    terminal.err(
      `The new key of ${device}${storeId === undefined ? '' : ` in ${storeId}`}. It is not shown again. ` +
        `The old one is good until ${new Date(nowMs + overlapMs).toISOString()}.\n`,
    );
    terminal.out(`${key}\n`);
    return EXIT.ok;
  },
};

export const keysRevoke: Command = {
  name: 'keys revoke',
  summary: 'shut a key, or all keys of a device, for ever',
  help: `Usage: aisle keys revoke --key <key id>
       aisle keys revoke --device till-1 [--store sz01]

Shuts a key (its id, or the whole key, as found in a log) or every key of a device. It takes up to
${DOOR_REMEMBERS_S} seconds until the last door has heard of it.

${CLOUD_HELP}`,
  async run(args, terminal) {
    const { values } = readOptions(args, { ...DEVICE_OPTIONS, key: { type: 'string' } });
    if ((values.key === undefined) === (values.device === undefined))
      throw usageError('say --key or --device');
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
      if (kind === 'unknown') throw new UserError(`there is no key ${keyId}; see: aisle keys list`);
      if (kind === 'ended') revoked++;
    }
    terminal.out(`${revoked} revoked; every door has heard of it in ${DOOR_REMEMBERS_S} seconds.\n`);
    return EXIT.ok;
  },
};

function stateOf(key: DeviceKey, nowMs: number): string {
  if (key.revokedAtMs !== undefined) return `revoked ${new Date(key.revokedAtMs).toISOString()}`;
  if (key.goodUntilMs === undefined) return 'good';
  const until = new Date(key.goodUntilMs).toISOString();
  return key.goodUntilMs > nowMs ? `good until ${until}` : `replaced ${until}`;
}

export const keysList: Command = {
  name: 'keys list',
  summary: 'list the keys and what became of them',
  help: `Usage: aisle keys list [--store sz01] [--device till-1]

Lists key ids, never secrets: those are nowhere.

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
    terminal.out(`${table(['key id', 'store', 'device', 'may post', 'made', 'state'], rows)}\n`);
    return EXIT.ok;
  },
};
