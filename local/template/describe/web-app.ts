/**
 * The headers CloudFront puts on the web app's files. They are sent here, too, so that a script the content
 * policy would stop on AWS is stopped on the first try. Left out is what only makes sense over HTTPS.
 */
import * as v from 'valibot';
import type { World } from '../world.ts';
import { parseProperties } from './properties.ts';

const HeadersPolicyProperties = v.object({
  ResponseHeadersPolicyConfig: v.object({
    SecurityHeadersConfig: v.optional(
      v.object({
        ContentSecurityPolicy: v.optional(v.object({ ContentSecurityPolicy: v.string() })),
        ContentTypeOptions: v.optional(v.unknown()),
        FrameOptions: v.optional(v.object({ FrameOption: v.string() })),
        ReferrerPolicy: v.optional(v.object({ ReferrerPolicy: v.string() })),
      }),
      {},
    ),
  }),
});

export function describeWebHeaders(world: World): Record<string, string> {
  const headers = world.all('AWS::CloudFront::ResponseHeadersPolicy').flatMap((resource) => {
    const { ResponseHeadersPolicyConfig } = parseProperties(HeadersPolicyProperties, resource);
    const { ContentSecurityPolicy, ContentTypeOptions, FrameOptions, ReferrerPolicy } =
      ResponseHeadersPolicyConfig.SecurityHeadersConfig;
    return [
      ['content-security-policy', ContentSecurityPolicy?.ContentSecurityPolicy],
      ['x-content-type-options', ContentTypeOptions && 'nosniff'],
      ['x-frame-options', FrameOptions?.FrameOption],
      ['referrer-policy', ReferrerPolicy?.ReferrerPolicy],
    ].filter(([, value]) => value !== undefined);
  });
  return Object.fromEntries(headers);
}
