/**
 * A queue's settings: the attributes that a caller may set. All of them are strings on the wire.
 *
 * Those that change a message's path have their effect here; policies and encryption, which a template sets,
 * are stored and returned without effect.
 */

import { invalidAttributeName, invalidAttributeValue, invalidValue } from './errors.ts';
import { DELAY_SECONDS_MAX, MESSAGE_BYTES_MAX, VISIBILITY_SECONDS_MAX, WAIT_SECONDS_MAX } from './limits.ts';

export type Settings = Readonly<Record<string, string>>;

export interface Redrive {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

const NUMBERS: Readonly<Record<string, readonly [min: number, max: number, byDefault: number]>> = {
  DelaySeconds: [0, DELAY_SECONDS_MAX, 0],
  MaximumMessageSize: [1024, MESSAGE_BYTES_MAX, MESSAGE_BYTES_MAX],
  MessageRetentionPeriod: [60, 1_209_600, 345_600],
  ReceiveMessageWaitTimeSeconds: [0, WAIT_SECONDS_MAX, 0],
  VisibilityTimeout: [0, VISIBILITY_SECONDS_MAX, 30],
};
export type NumberSetting =
  | 'DelaySeconds'
  | 'MaximumMessageSize'
  | 'MessageRetentionPeriod'
  | 'ReceiveMessageWaitTimeSeconds'
  | 'VisibilityTimeout';

/** Stored and returned without effect. */
const STORED_ONLY = [
  'Policy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
];

const MAX_RECEIVES = 1000;

export const DEFAULT_SETTINGS: Settings = {
  ...Object.fromEntries(Object.entries(NUMBERS).map(([name, [, , byDefault]]) => [name, String(byDefault)])),
  SqsManagedSseEnabled: 'true',
};

export const SETTING_NAMES: readonly string[] = [...Object.keys(NUMBERS), 'RedrivePolicy', ...STORED_ONLY];

/** Returns a numeric setting, in the attribute's own unit: seconds or bytes. */
export function numberOf(settings: Settings, name: NumberSetting): number {
  return Number(settings[name]);
}

/**
 * Returns the settings after a change; an empty value removes a policy.
 *
 * @throws InvalidAttributeName, InvalidAttributeValue, or InvalidParameterValue for a redrive policy.
 */
export function withChanges(
  settings: Settings,
  changes: ReadonlyMap<string, string>,
  isQueue: (arn: string) => boolean,
): Settings {
  const changed: Record<string, string> = { ...settings };
  for (const [name, value] of changes) {
    if (!SETTING_NAMES.includes(name)) throw invalidAttributeName(name);
    const range = NUMBERS[name];
    if (range !== undefined && !isWithin(value, range)) throw invalidAttributeValue(name);
    if (value === '') {
      delete changed[name];
      continue;
    }
    if (name === 'RedrivePolicy') checkRedrive(value, isQueue);
    changed[name] = value;
  }
  return changed;
}

/** Returns the dead-letter policy, if there is one. */
export function redriveOf(settings: Settings): Redrive | undefined {
  return settings['RedrivePolicy'] === undefined ? undefined : parseRedrive(settings['RedrivePolicy']);
}

function isWithin(value: string, [min, max]: readonly [number, number, number]): boolean {
  return /^\d+$/.test(value) && Number(value) >= min && Number(value) <= max;
}

function checkRedrive(policy: string, isQueue: (arn: string) => boolean): void {
  const redrive = parseRedrive(policy);
  if (redrive === undefined)
    throw invalidValue(policy, 'RedrivePolicy', 'Redrive policy is not a valid JSON map.');
  const { deadLetterTargetArn, maxReceiveCount } = redrive;
  if (!(maxReceiveCount >= 1 && maxReceiveCount <= MAX_RECEIVES)) {
    throw invalidValue(
      policy,
      'RedrivePolicy',
      `Invalid value for maxReceiveCount: ${maxReceiveCount}, valid values are from 1 to ${MAX_RECEIVES} both inclusive.`,
    );
  }
  if (!isQueue(deadLetterTargetArn))
    throw invalidValue(policy, 'RedrivePolicy', 'Dead letter target does not exist.');
}

/** Reads the count as a number or a string: CloudFormation writes the one, older callers the other. */
function parseRedrive(policy: string): Redrive | undefined {
  try {
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy);
    return { deadLetterTargetArn: String(deadLetterTargetArn), maxReceiveCount: Number(maxReceiveCount) };
  } catch {
    return undefined;
  }
}
