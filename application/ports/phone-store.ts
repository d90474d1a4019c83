/** Port: phones linked to customers. */
import type { DeviceId, PersonId } from '#domain/chain/ids.ts';

export interface Phone {
  readonly deviceId: DeviceId;
  readonly personId: PersonId;
  /** Of the phone's credential, which is deleted together with the phone. */
  readonly keyId: string;
  readonly platform: 'fcm' | 'apns';
  readonly endpointArn: string;
  readonly language: 'zh' | 'en';
  /** Base URL of links in pushes: the address at which the phone itself calls the API. */
  readonly linkBase: string;
  readonly boundAtMs: number;
}

export interface PhoneStore {
  get(deviceId: DeviceId): Promise<Phone | undefined>;
  put(phone: Phone): Promise<void>;
  /** Returns the phone that holds a push endpoint now. */
  holderOf(endpointArn: string): Promise<DeviceId | undefined>;
}
