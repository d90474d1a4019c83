/** ListPlatformApplications, in the order they were created in. */
import { operation } from '../../wire/json-service.ts';
import { nextToken, readPage } from '../page-tokens.ts';
import { applicationArn, type Sns } from '../sns.ts';

export const listPlatformApplications = (sns: Sns) =>
  operation(nextToken, ({ NextToken }) => {
    const page = readPage(NextToken, sns.applications.after);
    return {
      PlatformApplications: page.rows.map((application) => ({
        PlatformApplicationArn: applicationArn(sns, application),
        Attributes: new Map([['Enabled', 'true'], ...Object.entries(application.attributes)]),
      })),
      NextToken: page.nextToken,
    };
  });
