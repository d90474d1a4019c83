/**
 * The response headers that CloudFront adds to the web app's files. They are sent locally too, so that a
 * script that violates the content security policy fails in development already. Headers for HTTPS alone are
 * omitted.
 */
import * as v from 'valibot';
import type { ResolvedStacks } from '../resolved-stacks.ts';
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

/** Returns the headers, by name. */
export function describeWebHeaders(stacks: ResolvedStacks): Record<string, string> {
  const headers = stacks.all('AWS::CloudFront::ResponseHeadersPolicy').flatMap((resource) => {
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
