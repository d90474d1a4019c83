/**
 * What is reachable from outside: the HTTP API with its routes, the user pool of the staff, and the web app.
 *
 * One stack, because each refers to the others: the gateway trusts the pool's client, the client redirects to the app's
 * address, and the configuration of the app contains both.
 */
import { Aws, CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AisleStack, type AisleStackProps } from '../constructs/aisle-stack.ts';
import { Gateway } from '../constructs/gateway.ts';
import { Site } from '../constructs/site.ts';
import { StaffUserPool } from '../constructs/staff-user-pool.ts';
import type { EngagementStack } from './engagement-stack.ts';
import type { FiguresStack } from './figures-stack.ts';
import type { IngestStack } from './ingest-stack.ts';
import type { VisionStack } from './vision-stack.ts';

export interface WebStackProps extends AisleStackProps {
  readonly ingest: IngestStack;
  readonly figures: FiguresStack;
  readonly vision: VisionStack;
  readonly engagement: EngagementStack;
}

export class WebStack extends AisleStack {
  readonly gateway: Gateway;

  constructor(scope: Construct, props: WebStackProps) {
    super(scope, 'Web', props, 'Aisle: the API, sign-in and the web app');
    const { ingest, figures, vision, engagement } = props;

    const staff = new StaffUserPool(this, 'Staff');
    const signInOrigin = staff.addSignInDomain();
    // The address of the API would be a circular reference (app → API → client → app), so the policy allows the region's APIs.
    const site = new Site(this, 'Site', {
      connectTo: [
        `https://*.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`,
        `https://cognito-idp.${Aws.REGION}.${Aws.URL_SUFFIX}`,
        signInOrigin,
      ],
    });
    const client = staff.addWebClient(site.origin);
    const issuer = staff.userPoolProviderUrl;
    const clientId = client.userPoolClientId;

    this.gateway = new Gateway(this, 'Api', {
      authorizeDevice: ingest.authorizeDevice,
      staff: { issuer, clientId },
    })
      .devicesPost('/v1/receipts', ingest.ingestReceipts)
      .devicesPost('/v1/frames', vision.recogniseFaces)
      .devicesPost('/v1/sightings', vision.ingestSightings)
      .devicesPost('/v1/phones', engagement.registerPhone)
      .devicesPost('/v1/consents', engagement.recordConsents)
      .devicesPost('/v1/pushes/{push}/open', engagement.recordPushOpen)
      .devicesPost('/v1/positions', engagement.ingestPositions)
      .staffGet('/v1/figures', figures.readFigures)
      .staffGet('/v1/products/top', figures.rankProducts)
      .staffGet('/v1/stores', figures.listStores)
      .staffGet('/v1/visits', vision.readVisits)
      .staffGet('/v1/visits/{id}', vision.readVisits)
      .staffGet('/v1/heatmap', vision.readHeatmap)
      .staffGet('/v1/campaigns', engagement.editCampaigns)
      .staffGet('/v1/campaigns/{id}', engagement.editCampaigns)
      .staffRoute('PUT', '/v1/campaigns/{id}', engagement.editCampaigns)
      .staffRoute('POST', '/v1/campaigns/{id}/preview', engagement.reportCampaigns)
      .staffGet('/v1/campaigns/{id}/proof', engagement.reportCampaigns)
      .staffGet('/v1/people/{id}', engagement.readCustomer)
      .staffRoute('POST', '/v1/people/search', engagement.readCustomer)
      .staffGet('/v1/people/conflicts', engagement.reviewConflicts)
      .staffRoute('POST', '/v1/people/conflicts', engagement.reviewConflicts)
      .staffRoute('DELETE', '/v1/people/{id}', engagement.erasePerson)
      .staffGet('/v1/erasures/{id}', engagement.erasePerson)
      .openGet(
        '/c/{token}',
        engagement.followLink,
        'The link of a push is opened without sign-in; it redirects to the offer and shows no personal data.',
      )
      .openForm(
        '/c/{token}/refuse',
        engagement.followLink,
        'Refuses further pushes for the customer of the link, whose token cannot be guessed; it does nothing else.',
      )
      .openGet(
        '/openapi.json',
        figures.serveDocs,
        'The description of the API is public and contains no data.',
      )
      .openGet('/docs', figures.serveDocs, 'The page of the API description is public and contains no data.');

    site.deploy({ issuer, clientId, apiUrl: this.gateway.apiEndpoint });

    new CfnOutput(this, 'ApiUrl', { value: this.gateway.apiEndpoint, description: 'Where tills post' });
    new CfnOutput(this, 'AppUrl', { value: site.origin, description: 'Where staff sign in' });
  }
}
