import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { TerraformOutput, type TerraformProvider } from "cdktf";
import type { Construct } from "constructs";
import { BaseStack, stateKey } from "./base-stack";
import { ApiAccount } from "./constructs/api/api-account";
import { Bucket } from "./constructs/data/bucket";
import { DeliveryRoles, GITHUB_ISSUER } from "./constructs/delivery/delivery-roles";
import { consoleConfigArn, consoleFilesArn } from "./constructs/edge/web-app";
import { ImageRepository } from "./constructs/compute/image-repository";
import { StateAudit } from "./constructs/delivery/state-audit";
import { EncryptionKey, keyRegions } from "./constructs/encryption/encryption-key";
import { boundRoles, WorkloadBoundary } from "./constructs/delivery/workload-boundary";
import { optional } from "./lib/optional";
import { stackTags, type EnvironmentSettings } from "./settings";

/** Environments of one account. */
export type OneAccount = readonly [EnvironmentSettings, ...EnvironmentSettings[]];

/**
 * The foundation of an AWS account, deployed before its environments: the state bucket, the roles for GitHub, and the
 * customer managed keys. Names and state depend only on the account, so that environments can be added and removed.
 */
export class FoundationStack extends BaseStack {
  constructor(scope: Construct, together: OneAccount) {
    const environments = together.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const { account, region, state } = together[0];
    super(scope, foundationName(account), { account, region, state, tags: foundationTags(environments) });
    const stateBucket = state.kind === "s3" ? state.bucket : undefined;
    const { gitHubProvider = "create", apiGatewayLogRole = "create" } = together[0].accountWide ?? {};
    if (apiGatewayLogRole === "create") this.createApiAccount({ account, region, stateBucket });
    for (const { name, protect } of environments) {
      new WorkloadBoundary(this, `${name}-workload`, { account, environment: name, protect, stateBucket });
    }
    this.createImageRepositories(environments, this.createEncryptionKeys(environments));
    if (state.kind !== "s3") return;

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
    const providerArn =
      gitHubProvider === "create" ? this.createGitHubProvider() : gitHubProviderArn(account);
    for (const { name, repository, repositoryIds, protect } of environments) {
      const roles = new DeliveryRoles(this, name, {
        account,
        environment: name,
        repository,
        repositoryIds,
        providerArn,
        stateBucketArn: bucket.arn,
        stateKey: stateKey(`streamflow-${name}`),
        otherStateKeys: [
          this.node.id,
          ...environments.filter((other) => other.name !== name).map((other) => `streamflow-${other.name}`),
        ].map(stateKey),
        managedObjectArns: [consoleConfigArn({ account, environment: name })],
        publishedFilesArn: consoleFilesArn({ account, environment: name }),
        protect,
      });
      new TerraformOutput(this, `${name}_plan_role`, { value: roles.planRoleArn });
      new TerraformOutput(this, `${name}_apply_role`, { value: roles.applyRoleArn });
    }
    new TerraformOutput(this, "state_bucket", { value: bucket.name });
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

  private createGitHubProvider(): string {
    return new IamOpenidConnectProvider(this, "github", {
      url: `https://${GITHUB_ISSUER}`,
      clientIdList: ["sts.amazonaws.com"],
    }).arn;
  }

  private createApiAccount({ account, region, stateBucket }: ApiAccountOptions): void {
    const apiAccount = new ApiAccount(this, "api-account", { region, account });
    // A boundary of its own: those of environments go with them. No environment's name has a hyphen.
    const boundary = new WorkloadBoundary(this, "api-account-workload", {
      account,
      environment: "api-account",
      protect: true,
      stateBucket,
    });
    boundRoles(apiAccount, boundary.arn);
  }
}

interface ApiAccountOptions {
  readonly account: string;
  readonly region: string;
  readonly stateBucket: string | undefined;
}

/** The provider has the name of the issuer: an account can have one. */
const gitHubProviderArn = (account: string): string =>
  `arn:aws:iam::${account}:oidc-provider/${GITHUB_ISSUER}`;

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
