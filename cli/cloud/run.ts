import type { CommandContext } from "@packages/cli-kit/command";
import { confirm } from "@packages/cli-kit/confirm";
import { Refusal } from "@packages/cli-kit/refusal";
import { TerraformCloudError, type TerraformCloudClient } from "@packages/terraform-cloud/client";
import {
  type Difference,
  UnknownTeam,
  type WantedWorkspace,
  WorkspaceConfiguration,
} from "@packages/terraform-cloud/configuration";
import { currentState } from "@packages/terraform-cloud/states";
import { pinnedVersion } from "@packages/terraform/release";
import { parseState, type State } from "@packages/terraform/state";
import { environments } from "../../stacks/environments";
import type { EnvironmentSettings } from "../../stacks/settings";
import { TERRAFORM_CLOUD_PROJECT } from "../../stacks/constructs/delivery/web-identities";
import { targetOf } from "../lib/target";
import { terraformCloudClient, type TerraformCloudState } from "../lib/terraform-cloud";
import { wantedReviewTask } from "./review-task";
import { wantedWorkspaces } from "./wanted";

export interface CloudInput {
  readonly environment: string;
  readonly dryRun: boolean;
}

export function runCloud({ environment, dryRun }: CloudInput, context: CommandContext): Promise<void> {
  return configureWorkspaces(targetOf(environment, environments).settings, { dryRun }, context);
}

/** Makes an environment's workspaces as the settings describe them. Throws a Refusal before the first change. */
export async function configureWorkspaces(
  settings: EnvironmentSettings,
  { dryRun }: Pick<CloudInput, "dryRun">,
  { steps, confirmation, print }: CommandContext,
): Promise<void> {
  const { state, account, name: environment } = settings;
  if (state.kind !== "terraform-cloud")
    throw new Refusal(`${environment}.state must be of the kind "terraform-cloud", got "${state.kind}"`);
  const client = terraformCloudClient(state);
  try {
    await steps.run(
      "organization",
      () => checkOrganization(client, state),
      () => state.organization,
    );
    const reviewTask =
      state.reviewTask === true ? await wantedReviewTask(settings, state, { client, steps }) : undefined;
    if (state.reviewTask === true && reviewTask === undefined)
      steps.line(
        `the review task is added when the foundation has it: deploy foundation-${environment}, and run this command again`,
      );
    const wanted = wantedWorkspaces(settings, state, { terraformVersion: pinnedVersion, reviewTask });
    for (const { name } of wanted) await refuseOtherState(client, state, { workspace: name, account });
    const differences = () => differencesOf(client, state, wanted);
    const found = await differences();
    if (found.length === 0)
      return print(`${environment}: nothing to do, the workspaces are as the settings say.`);
    found.forEach(({ text }) => print(text));
    if (dryRun) return print("dry run: nothing was changed");
    await confirm(`Make these changes in ${state.organization}?`, confirmation);
    await applyAll(found, differences, (text) => steps.line(`done: ${text}`));
    print(`${environment}: the workspaces are as the settings say.`);
  } catch (error) {
    throw error instanceof TerraformCloudError || error instanceof UnknownTeam
      ? new Refusal(error.message)
      : error;
  } finally {
    await client.close();
  }
}

async function checkOrganization(
  client: TerraformCloudClient,
  { organization }: TerraformCloudState,
): Promise<void> {
  if ((await client.find(`/organizations/${organization}`)) !== undefined) return;
  throw new Refusal(
    `the organization "${organization}" does not exist at ${client.hostname}, or the token may not read it; nothing was changed`,
  );
}

/** Throws a Refusal if a workspace has a state of something else, such as another account's. */
async function refuseOtherState(
  client: TerraformCloudClient,
  { organization }: TerraformCloudState,
  { workspace, account }: { readonly workspace: string; readonly account: string },
): Promise<void> {
  const current = await currentState(client, { organization, workspace });
  if (current === undefined) return;
  const held = parseState(await client.download(current.downloadUrl), current.id);
  if (held.resources === 0 || belongsTo(held, account)) return;
  throw new Refusal(
    `the workspace ${workspace} has the state of something else, with lineage ${held.lineage}: none of its ` +
      `${held.resources} resources is in the account ${account}; nothing was changed`,
  );
}

/** Whether an ARN in the state names the account. */
const belongsTo = ({ json }: State, account: string): boolean =>
  JSON.stringify(json).includes(`:${account}:`);

async function differencesOf(
  client: TerraformCloudClient,
  { organization, project = TERRAFORM_CLOUD_PROJECT }: TerraformCloudState,
  wanted: readonly WantedWorkspace[],
): Promise<Difference[]> {
  const configuration = new WorkspaceConfiguration(client, organization, project);
  for (const workspace of wanted) await configuration.checkTeams(workspace);
  const { differences } = await configuration.project();
  if (differences.length > 0) return [...differences];
  const found: Difference[] = [];
  for (const workspace of wanted) found.push(...(await configuration.workspace(workspace)));
  return found;
}

/** What is created can have differences of its own, such as the variables of a new workspace. */
async function applyAll(
  first: readonly Difference[],
  differences: () => Promise<readonly Difference[]>,
  report: (text: string) => void,
): Promise<void> {
  let found = first;
  while (found.length > 0) {
    const before = found.map(({ text }) => text).join("\n");
    for (const { apply, text } of found) {
      await apply();
      report(text);
    }
    found = await differences();
    if (found.map(({ text }) => text).join("\n") === before)
      throw new Error(`the API accepted these changes without effect:\n${before}`);
  }
}
