import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import { BaseStack, stateKey } from "./base-stack";
import { ApiAccount } from "./constructs/api-account";
import { Bucket } from "./constructs/bucket";
import { DeliveryRoles } from "./constructs/delivery-roles";
import { boundRoles, WorkloadBoundary } from "./constructs/workload-boundary";
import { stackTags, type EnvironmentSettings } from "./settings";

/** Once in each AWS account, before its environments: where state is kept, and who may deploy from GitHub. */
export class FoundationStack extends BaseStack {
  /** `environments` are those that live in one account. */
  constructor(scope: Construct, environments: readonly [EnvironmentSettings, ...EnvironmentSettings[]]) {
    const [first] = environments;
    const { account, region, state } = first;
    super(scope, `streamflow-foundation-${environments.map(({ name }) => name).join("-")}`, {
      account,
      region,
      state,
      tags: stackTags(first, "foundation"),
    });
    const apiAccount = new ApiAccount(this, "api-account", { region, account });
    for (const { name, protect } of environments) {
      const boundary = new WorkloadBoundary(this, `${name}-workload`, {
        account,
        environment: name,
        protect,
        ...(state.kind === "s3" ? { stateBucket: state.bucket } : {}),
      });
      if (name === first.name) boundRoles(apiAccount, boundary.arn);
    }
    if (state.kind !== "s3") return;

    const bucket = new Bucket(this, "state", {
      name: state.bucket,
      account,
      protect: environments.some(({ protect }) => protect),
      // A state that was lost or broken can be rolled back for a year.
      lifecycle: { noncurrentDays: 365 },
    });
    const github = new IamOpenidConnectProvider(this, "github", {
      url: "https://token.actions.githubusercontent.com",
      clientIdList: ["sts.amazonaws.com"],
    });
    for (const { name, repository, repositoryIds, protect } of environments) {
      const roles = new DeliveryRoles(this, name, {
        account,
        environment: name,
        repository,
        ...(repositoryIds === undefined ? {} : { repositoryIds }),
        providerArn: github.arn,
        stateBucketArn: bucket.arn,
        stateKey: stateKey(`streamflow-${name}`),
        otherStateKeys: [
          this.node.id,
          ...environments.filter((other) => other.name !== name).map((other) => `streamflow-${other.name}`),
        ].map(stateKey),
        protect,
      });
      new TerraformOutput(this, `${name}_plan_role`, { value: roles.planRoleArn });
      new TerraformOutput(this, `${name}_apply_role`, { value: roles.applyRoleArn });
    }
    new TerraformOutput(this, "state_bucket", { value: bucket.name });
  }
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
