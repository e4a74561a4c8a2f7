import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { TerraformOutput, type TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { BaseStack, stateKey } from "./base-stack";
import { ApiAccount } from "./constructs/api/api-account";
import { Bucket } from "./constructs/data/bucket";
import { DeliveryRoles } from "./constructs/delivery/delivery-roles";
import {
  GITHUB_ISSUER,
  gitHubIdentity,
  pullRequestsIdentity,
  TERRAFORM_CLOUD_AUDIENCE,
  TERRAFORM_CLOUD_HOST,
  TERRAFORM_CLOUD_PROJECT,
  terraformCloudIdentity,
  type WebIdentity,
} from "./constructs/delivery/web-identities";
import { consoleConfigArn, consoleFilesArn } from "./constructs/edge/web-app";
import { ImageRepository } from "./constructs/compute/image-repository";
import { ReviewTask } from "./constructs/delivery/review-task";
import { StateAudit } from "./constructs/delivery/state-audit";
import { EncryptionKey, keyRegions } from "./constructs/encryption/encryption-key";
import { boundRoles, WorkloadBoundary } from "./constructs/delivery/workload-boundary";
import { optional } from "./lib/optional";
import { ANY_PULL_REQUEST, PULL_REQUESTS, pullRequestOf } from "./lib/pull-requests";
import { stackTags, type EnvironmentSettings, type StateSettings } from "./settings";

/** Name of the output with the URL of the review task, which `npm run cloud` reads. */
export const REVIEW_TASK_URL = "review_task_url";

/** Environments of one account. */
export type OneAccount = readonly [EnvironmentSettings, ...EnvironmentSettings[]];

/**
 * The foundation of an AWS account, deployed before its environments: the state bucket, the roles for GitHub, and the
 * customer managed keys. Names and state depend only on the account, so that environments can be added and removed.
 */
export class FoundationStack extends BaseStack {
  private readonly account: string;

  constructor(scope: Construct, together: OneAccount) {
    const environments = together
      .filter(({ name }) => pullRequestOf(name) === undefined)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const { account, region, state } = together[0];
    super(scope, foundationName(account), { account, region, state, tags: foundationTags(environments) });
    this.account = account;
    const stateBucket = state.kind === "s3" ? state.bucket : undefined;
    const { apiGatewayLogRole = "create" } = together[0].accountWide ?? {};
    if (apiGatewayLogRole === "create") this.createApiAccount({ account, region, stateBucket });
    for (const { name, protect, syntheticCheck } of environments) {
      new WorkloadBoundary(this, `${name}-workload`, {
        account,
        environment: name,
        protect,
        stateBucket,
        syntheticCheck: syntheticCheck !== undefined,
      });
    }
    this.createImageRepositories(environments, this.createEncryptionKeys(environments));
    const bucket = state.kind === "s3" ? this.createStateBucket(together[0], state, environments) : undefined;
    const { gitHubArn, identitiesOf } = this.createIdentityProviders(environments);
    this.createDeliveryRoles(environments, { bucket, identitiesOf });
    const base = environments.find(({ pullRequests }) => pullRequests !== undefined);
    if (base !== undefined)
      this.createForPullRequests(base, { environments, bucket, stateBucket, gitHubArn });
    if (bucket !== undefined) new TerraformOutput(this, "state_bucket", { value: bucket.name });
    this.createReviewTask(environments);
  }

  private createStateBucket(
    { account, region }: EnvironmentSettings,
    state: S3State,
    environments: readonly EnvironmentSettings[],
  ): Bucket {
    const protect = environments.some((environment) => environment.protect);
    const audit =
      state.audit &&
      new StateAudit(this, "state-audit", {
        account,
        region,
        protect,
        stateBucket: state.bucket,
        retentionDays: state.audit.retentionDays,
        dataEvents: state.audit.dataEvents,
      });
    const bucket = new Bucket(this, "state", {
      name: state.bucket,
      account,
      protect,
      // State versions are kept for a year.
      lifecycle: { noncurrentDays: 365 },
      ...optional({ accessLogs: audit?.records }),
    });
    audit?.watch(bucket);
    return bucket;
  }

  private createReviewTask(environments: readonly EnvironmentSettings[]): void {
    const [first] = environments.filter(
      ({ state }) => state.kind === "terraform-cloud" && state.reviewTask === true,
    );
    if (first?.state.kind !== "terraform-cloud") return;
    const { account, region, state } = first;
    const hostname = state.hostname ?? TERRAFORM_CLOUD_HOST;
    const { url } = new ReviewTask(this, "review-task", { account, region, hostname });
    new TerraformOutput(this, REVIEW_TASK_URL, { value: url });
  }

  private createDeliveryRoles(
    environments: readonly EnvironmentSettings[],
    {
      bucket,
      identitiesOf,
    }: Pick<IdentityProviders, "identitiesOf"> & { readonly bucket: Bucket | undefined },
  ): void {
    const ofPullRequests = environments.some(({ pullRequests }) => pullRequests !== undefined)
      ? [stackNameOf({ name: ANY_PULL_REQUEST })]
      : [];
    for (const settings of environments) {
      const { account, name, protect } = settings;
      const others = [
        ...environments.filter((other) => other.name !== name).map(stackNameOf),
        ...ofPullRequests,
      ];
      const state = bucket && {
        bucketArn: bucket.arn,
        key: stateKey(stackNameOf(settings)),
        otherKeys: [this.node.id, ...others].map(stateKey),
      };
      const roles = new DeliveryRoles(this, name, {
        account,
        environment: name,
        identities: identitiesOf(settings),
        state,
        managedObjectArns: [consoleConfigArn({ account, environment: name })],
        publishedFilesArn: consoleFilesArn({ account, environment: name }),
        protect,
      });
      new TerraformOutput(this, `${name}_plan_role`, { value: roles.planRoleArn });
      new TerraformOutput(this, `${name}_apply_role`, { value: roles.applyRoleArn });
    }
  }

  /**
   * What the environments of all pull requests share, so that they come and go without a deployment of the foundation: the
   * boundary of their roles, the repository of their images, and the pipeline's roles.
   */
  private createForPullRequests(
    base: EnvironmentSettings,
    { environments, bucket, stateBucket, gitHubArn }: ForPullRequests,
  ): void {
    const { account, repository, repositoryIds } = base;
    const environment = ANY_PULL_REQUEST;
    new WorkloadBoundary(this, `${PULL_REQUESTS}-workload`, {
      account,
      environment,
      protect: false,
      stateBucket,
      syntheticCheck: false,
    });
    new ImageRepository(this, `${PULL_REQUESTS}-images`, { environment, protect: false, kmsKey: undefined });
    const roles = new DeliveryRoles(this, PULL_REQUESTS, {
      account,
      environment,
      identities: [pullRequestsIdentity({ repository, repositoryIds, providerArn: gitHubArn })],
      state: bucket && {
        bucketArn: bucket.arn,
        key: stateKey(stackNameOf({ name: environment })),
        otherKeys: [this.node.id, ...environments.map(stackNameOf)].map(stateKey),
      },
      managedObjectArns: [consoleConfigArn({ account, environment })],
      publishedFilesArn: consoleFilesArn({ account, environment }),
      protect: false,
      destroys: true,
    });
    new TerraformOutput(this, `${PULL_REQUESTS}_plan_role`, { value: roles.planRoleArn });
    new TerraformOutput(this, `${PULL_REQUESTS}_apply_role`, { value: roles.applyRoleArn });
  }

  /** The account's OpenID Connect providers, and who can assume the roles of an environment. */
  private createIdentityProviders(environments: readonly EnvironmentSettings[]): IdentityProviders {
    const { gitHubProvider = "create", terraformCloudProvider = "create" } =
      environments[0]?.accountWide ?? {};
    const gitHubArn = this.identityProvider("github", {
      origin: gitHubProvider,
      issuer: GITHUB_ISSUER,
      audience: "sts.amazonaws.com",
    });
    const state = environments.map((settings) => settings.state).find(runsInTerraformCloud);
    if (state === undefined)
      return { gitHubArn, identitiesOf: (settings) => [gitHubOf(settings, gitHubArn)] };
    const hostname = state.hostname ?? TERRAFORM_CLOUD_HOST;
    const providerArn = this.identityProvider("terraform-cloud", {
      origin: terraformCloudProvider,
      issuer: hostname,
      audience: TERRAFORM_CLOUD_AUDIENCE,
    });
    const identitiesOf = (settings: EnvironmentSettings): WebIdentity[] => [
      gitHubOf(settings, gitHubArn),
      terraformCloudIdentity({
        hostname,
        organization: state.organization,
        project: state.project ?? TERRAFORM_CLOUD_PROJECT,
        workspace: stackNameOf(settings),
        providerArn,
      }),
    ];
    return { gitHubArn, identitiesOf };
  }

  /** ARN of a provider, which the foundation creates or the account has. An account can have one of an issuer. */
  private identityProvider(id: string, { origin, issuer, audience }: IdentityProvider): string {
    if (origin === "existing") return `arn:aws:iam::${this.account}:oidc-provider/${issuer}`;
    return new IamOpenidConnectProvider(this, id, {
      url: `https://${issuer}`,
      clientIdList: [audience],
    }).arn;
  }

  /**
   * A key in each region that an environment with customer managed keys needs; returns the ARNs by environment and region.
   */
  private createEncryptionKeys(environments: readonly EnvironmentSettings[]): ReadonlyMap<string, string> {
    const keys = new Map<string, string>();
    const providers = new Map<string, TerraformProvider>();
    const providerOf = (region: string): TerraformProvider => {
      const alias = region.replaceAll("-", "_");
      const provider = providers.get(region) ?? this.provider(`aws-${region}`, { region, alias });
      providers.set(region, provider);
      return provider;
    };
    for (const settings of environments.filter(({ encryption }) => encryption === "customer")) {
      const { name, account, protect } = settings;
      for (const region of keyRegions(settings)) {
        const { arn } = new EncryptionKey(this, `${name}-key-${region}`, {
          account,
          environment: name,
          region,
          provider: region === settings.region ? undefined : providerOf(region),
          protect,
        });
        keys.set(`${name} ${region}`, arn);
      }
    }
    return keys;
  }

  private createImageRepositories(
    environments: readonly EnvironmentSettings[],
    keys: ReadonlyMap<string, string>,
  ): void {
    for (const { name, region, protect } of environments) {
      new ImageRepository(this, `${name}-images`, {
        environment: name,
        protect,
        kmsKey: keys.get(`${name} ${region}`),
      });
    }
  }

  private createApiAccount({ account, region, stateBucket }: ApiAccountOptions): void {
    const apiAccount = new ApiAccount(this, "api-account", { region, account });
    // A boundary of its own: those of environments go with them. No environment's name has a hyphen.
    const boundary = new WorkloadBoundary(this, "api-account-workload", {
      account,
      environment: "api-account",
      protect: true,
      stateBucket,
      syntheticCheck: false,
    });
    boundRoles(apiAccount, boundary.arn);
  }
}

interface ApiAccountOptions {
  readonly account: string;
  readonly region: string;
  readonly stateBucket: string | undefined;
}

interface IdentityProviders {
  readonly gitHubArn: string;
  /** Who can assume the roles of an environment. */
  readonly identitiesOf: (settings: EnvironmentSettings) => WebIdentity[];
}

interface ForPullRequests {
  readonly environments: readonly EnvironmentSettings[];
  readonly bucket: Bucket | undefined;
  readonly stateBucket: string | undefined;
  readonly gitHubArn: string;
}

interface IdentityProvider {
  readonly origin: "create" | "existing";
  readonly issuer: string;
  readonly audience: string;
}

type S3State = Extract<StateSettings, { kind: "s3" }>;
type TerraformCloudState = Extract<StateSettings, { kind: "terraform-cloud" }>;

/** Whether Terraform runs in Terraform Cloud, which then needs the roles. */
function runsInTerraformCloud(state: StateSettings): state is TerraformCloudState {
  return state.kind === "terraform-cloud" && state.execution !== "local";
}

function gitHubOf(settings: EnvironmentSettings, providerArn: string): WebIdentity {
  const { name: environment, repository, repositoryIds, protect } = settings;
  return gitHubIdentity({ environment, repository, repositoryIds, protect, providerArn });
}

const stackNameOf = ({ name }: Pick<EnvironmentSettings, "name">): string => `streamflow-${name}`;

/** Name of an account's foundation. */
export function foundationName(account: string): string {
  return `streamflow-foundation-${account}`;
}

function foundationTags(environments: readonly EnvironmentSettings[]): Record<string, string> {
  const repositories = new Set(environments.map(({ repository }) => repository));
  return stackTags({ repository: [...repositories].sort().join(" ") }, "foundation");
}

/** The environments of each account. */
export function byAccount(
  environments: readonly EnvironmentSettings[],
): [EnvironmentSettings, ...EnvironmentSettings[]][] {
  const accounts = new Map<string, [EnvironmentSettings, ...EnvironmentSettings[]]>();
  for (const settings of environments) {
    const others = accounts.get(settings.account);
    if (others === undefined) accounts.set(settings.account, [settings]);
    else others.push(settings);
  }
  return [...accounts.values()];
}
