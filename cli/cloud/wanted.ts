import type { WantedTask, WantedWorkspace } from "@packages/terraform-cloud/configuration";
import { foundationName } from "../../stacks/foundation-stack";
import type { EnvironmentSettings } from "../../stacks/settings";
import type { TerraformCloudState } from "../lib/terraform-cloud";

export interface WantedDetails {
  readonly terraformVersion: string;
  /** The foundation's run task, if it has one. */
  readonly reviewTask: WantedTask | undefined;
}

/** The workspaces of an environment and of its account's foundation, as the settings describe them. */
export function wantedWorkspaces(
  settings: EnvironmentSettings,
  state: TerraformCloudState,
  { terraformVersion, reviewTask }: WantedDetails,
): readonly [environment: WantedWorkspace, foundation: WantedWorkspace] {
  const { name, account, repository } = settings;
  const { notificationUrl } = state;
  const teams = Object.entries(state.teams ?? {}).map(([team, access]) => ({ name: team, access }));
  const common = { terraformVersion, teams, notificationUrl };
  const executionMode = state.execution ?? "remote";
  const source = `Settings: stacks/environments.ts of ${repository}`;
  return [
    {
      ...common,
      name: `streamflow-${name}`,
      description: `StreamFlow's environment ${name}. ${source}`,
      executionMode,
      tags: ["streamflow", name],
      variables: executionMode === "remote" ? roleVariables(settings) : [],
      // Only runs ask tasks.
      reviewTask: executionMode === "remote" ? reviewTask : undefined,
    },
    {
      ...common,
      name: foundationName(account),
      description: `Foundation of StreamFlow's environments in ${account}. ${source}`,
      // A person deploys it with credentials of their own: it creates the roles of runs.
      executionMode: "local",
      tags: ["streamflow", "foundation"],
      variables: [],
    },
  ];
}

/**
 * Variables with which each phase of a run assumes its role.
 * https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/aws-configuration
 */
function roleVariables({ account, name }: EnvironmentSettings) {
  const role = (phase: string) => `arn:aws:iam::${account}:role/${foundationName(account)}-${name}-${phase}`;
  return [
    {
      key: "TFC_AWS_PROVIDER_AUTH",
      value: "true",
      description: "Runs get AWS credentials by their identity",
    },
    { key: "TFC_AWS_PLAN_ROLE_ARN", value: role("plan"), description: "The foundation creates this role" },
    { key: "TFC_AWS_APPLY_ROLE_ARN", value: role("apply"), description: "The foundation creates this role" },
  ];
}
