/** Port: phones bound to customers. */
import type { DeviceId, PersonId } from '#domain/chain/ids.ts';

export interface Phone {
  readonly deviceId: DeviceId;
  readonly personId: PersonId;
  /** Of the credential it shows; with the phone, it is taken away. */
  readonly keyId: string;
  readonly platform: 'fcm' | 'apns';
  readonly endpointArn: string;
  readonly language: 'zh' | 'en';
  /** Where links in pushes lead: the address under which the phone itself knows the API. */
  readonly linkBase: string;
  readonly boundAtMs: number;
}

export interface PhoneStore {
  get(deviceId: DeviceId): Promise<Phone | undefined>;
  put(phone: Phone): Promise<void>;
  /** The phone that the push service knows by this name now. */
  holderOf(endpointArn: string): Promise<DeviceId | undefined>;
}
