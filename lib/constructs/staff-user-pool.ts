/**
 * The user pool of the chain's staff. Groups hold the roles (`role:…`) and scopes (`scope:…`) of a user and are part of
 * the access token that the API validates.
 *
 * Only the chain creates accounts; there is no self sign-up. Groups of single regions, cities and stores are data, not
 * infrastructure: they are created when a store opens.
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

/**
 * The roles of users. A role determines what the app shows first; the scope determines what a user may read. Two roles permit
 * to act: `campaign-editor` writes campaigns within the scope, `privacy-officer` erases customers and settles conflicts.
 */
const ROLES = [
  'boss',
  'regional-manager',
  'city-manager',
  'store-manager',
  'sales-ops',
  'campaign-editor',
  'privacy-officer',
] as const;

const PASSWORD_LENGTH_MIN = 12;

/** A shift: staff sign in once a day, and a phone left in a store is signed out the next day. */
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
      // By an app: text messages cost money, are unreliable abroad and are open to SIM swapping.
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
      'The Plus plan is billed per active user; accounts are created by the chain, require a second factor and read figures only.',
    );
    for (const group of [...ROLES.map((role) => `role:${role}`), 'scope:chain']) {
      new CfnUserPoolGroup(this, group, { userPoolId: this.userPoolId, groupName: group });
    }
  }

  /** Adds the domain of the sign-in pages, and returns its URL. */
  addSignInDomain(): string {
    const domain = this.addDomain('SignIn', {
      // Prefixes are unique per region across all accounts, hence the account number.
      cognitoDomain: { domainPrefix: `aisle-${this.#stage.toLowerCase()}-${Aws.ACCOUNT_ID}` },
    });
    return domain.baseUrl();
  }

  /**
   * Adds the web app as a client: authorization code with PKCE and no secret, because a browser cannot keep one.
   *
   * @param origin where the app is served, `https://…` without a slash at the end
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
      // Sign-in errors do not reveal whether an account exists.
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
