/**
 * CreatePlatformEndpoint. A token has one endpoint: a repeated request with the same user data returns it, even where it
 * has been disabled since; one with other user data, or another `Enabled`, is rejected with the endpoint's ARN.
 */
import { operation } from '../../wire/json-service.ts';
import { required, text } from '../../wire/shape.ts';
import { checkToken, checkUserData, readAttributes } from '../endpoint-attributes.ts';
import { endpointExists } from '../errors.ts';
import { applicationOfArn, attributeMap, endpointArnOf, type Sns } from '../sns.ts';

export const createPlatformEndpoint = (sns: Sns) =>
  operation(
    {
      PlatformApplicationArn: required(text()),
      Token: required(text()),
      CustomUserData: text(),
      Attributes: attributeMap,
    },
    ({ PlatformApplicationArn, Token, CustomUserData, Attributes = new Map() }) => {
      const application = applicationOfArn(sns, PlatformApplicationArn);
      const token = checkToken(Token, application.platform);
      const attributes = readAttributes(Attributes, application);
      const userData = checkUserData(CustomUserData ?? attributes.userData ?? '');
      const existing = sns.endpoints.byToken(application.id, token);
      if (existing !== undefined) {
        const { isEnabled = existing.isEnabled } = attributes;
        const arn = endpointArnOf(sns, existing);
        if (existing.userData !== userData || existing.isEnabled !== isEnabled) throw endpointExists(arn);
        return { EndpointArn: arn };
      }
      const { isEnabled = true } = attributes;
      const endpoint = { token, isEnabled, userData };
      const created = sns.endpoints.create(application.id, endpoint, sns.clock.nowMs());
      return { EndpointArn: endpointArnOf(sns, created) };
    },
  );
