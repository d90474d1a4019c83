/**
 * The people who work for the chain and may sign in. A user pool knows who they are; the groups they are in say
 * what they may do (`role:…`) and where (`scope:…`), and travel in the access token that the API checks.
 *
 * Accounts are made by the chain, never by whoever finds the page. Groups for single regions, cities and stores
 * are data, not infrastructure: they are made when a store opens.
 */
import { Aws, Duration } from 'aws-cdk-lib';
import {
  AccountRecovery,
  type CfnUserPool,
  type CfnUserPoolClient,
  CfnUserPoolGroup,
  FeaturePlan,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import type { Stage } from '../stage.ts';
import type { AisleStack } from './aisle-stack.ts';
import { acknowledge } from './nag.ts';

/** The roles somebody may be given. A role chooses what the app shows first; what may be read is the scope's to say. */
const ROLES = [
  'boss',
  'regional-manager',
  'city-manager',
  'store-manager',
  'sales-ops',
  'privacy-officer',
] as const;

const PASSWORD_LENGTH_MIN = 12;

/** A shift: nobody types a code twice a day, and a phone left in a shop is of no use tomorrow. */
const SIGNED_IN_MAX = Duration.hours(12);
const ACCESS_TOKEN_MAX = Duration.minutes(30);

export class StaffUserPool extends UserPool {
  readonly #stage: Stage;

  constructor(scope: AisleStack, id: string) {
    super(scope, id, {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      signInCaseSensitive: false,
      passwordPolicy: {
        minLength: PASSWORD_LENGTH_MIN,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: Mfa.REQUIRED,
      // By an app: text messages cost money, get lost abroad and can be taken over with a SIM card.
      mfaSecondFactor: { otp: true, sms: false },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: scope.isProd,
      removalPolicy: scope.removalPolicy,
    });
    this.#stage = scope.stage;
    (this.node.defaultChild as CfnUserPool).overrideLogicalId(id);
    acknowledge(
      this,
      'AwsSolutions-COG8',
      'The Plus plan is paid per head and month; accounts are made by the chain, need a second factor, and read figures only.',
    );
    for (const group of [...ROLES.map((role) => `role:${role}`), 'scope:chain']) {
      new CfnUserPoolGroup(this, group, { userPoolId: this.userPoolId, groupName: group });
    }
  }

  /** Gives the sign-in pages an address, and returns it. */
  addSignInDomain(): string {
    const domain = this.addDomain('SignIn', {
      // Prefixes are unique in all of AWS, hence the account number.
      cognitoDomain: { domainPrefix: `aisle-${this.#stage.toLowerCase()}-${Aws.ACCOUNT_ID}` },
    });
    return domain.baseUrl();
  }

  /**
   * The web app as a client: authorization code with PKCE and no secret, because whatever a browser is given is
   * no secret. `origin` is where the app is served.
   */
  addWebClient(origin: string): UserPoolClient {
    const client = this.addClient('WebClient', {
      generateSecret: false,
      authFlows: {},
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID, OAuthScope.EMAIL, OAuthScope.PROFILE],
        callbackUrls: [`${origin}/`],
        logoutUrls: [`${origin}/`],
      },
      // Whether an account exists is nobody's business.
      preventUserExistenceErrors: true,
      accessTokenValidity: ACCESS_TOKEN_MAX,
      idTokenValidity: ACCESS_TOKEN_MAX,
      refreshTokenValidity: SIGNED_IN_MAX,
      enableTokenRevocation: true,
    });
    (client.node.defaultChild as CfnUserPoolClient).overrideLogicalId('WebClient');
    return client;
  }
}
