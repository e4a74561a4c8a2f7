import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { GrafanaClient } from "@aws-sdk/client-grafana";
import { environments } from "../../stacks/environments";
import { type Access, checkedAccess } from "../lib/account";
import { Refusal } from "@packages/cli-kit/refusal";
import { prepare } from "../lib/prepared-stack";
import { targetOf } from "../lib/target";
import { localFolder } from "@packages/cli-kit/paths";
import type { Steps } from "@packages/cli-kit/progress";
import { GrafanaApi } from "./http";
import { provision, type ExpectedContent } from "./provision";
import { deployedBody, wantedOf } from "./grafana-content";
import { withToken } from "./workspace";

export interface GrafanaOptions {
  readonly environment: string;
  readonly dryRun: boolean;
  /** Folder for the dashboards' JSON; Grafana is not changed then. */
  readonly out: string | undefined;
}

/** Updates Grafana, or writes a folder, from the stack. Throws a Refusal for an environment without Grafana. */
export async function runGrafana(options: GrafanaOptions, steps: Steps): Promise<void> {
  const target = targetOf(options.environment, environments);
  const access = await checkedAccess(target.settings, steps);
  const prepared = await prepare(target, { access, steps, out: join(localFolder, "plans") });
  await prepared.stack.init();
  const outputs = await prepared.stack.outputs();
  const body = await deployedBody(
    new CloudWatchClient(access.client),
    outputOf(outputs, { name: "dashboard", environment: target.name }),
  );
  const wanted = wantedOf(target.settings, prepared.synthesized, body);
  if (options.out !== undefined) return steps.line(write(options.out, wanted).join("\n"));
  await provisionWorkspace(wanted, {
    access,
    workspace: outputOf(outputs, { name: "grafana_workspace", environment: target.name }),
    dryRun: options.dryRun,
    steps,
  });
}

interface WorkspaceOptions {
  readonly access: Access;
  /** Id of the workspace. */
  readonly workspace: string;
  readonly dryRun: boolean;
  readonly steps: Steps;
}

async function provisionWorkspace(
  wanted: ExpectedContent,
  { access, workspace, dryRun, steps }: WorkspaceOptions,
): Promise<void> {
  const outcomes = await steps.run(
    `Grafana workspace ${workspace}`,
    () =>
      withToken(new GrafanaClient(access.client), workspace, (at) =>
        provision(new GrafanaApi(at), wanted, { dryRun }),
      ),
    (all) =>
      `${all.filter(({ became }) => became !== "unchanged").length} of ${all.length} ${dryRun ? "would change" : "changed"}`,
  );
  for (const { what, became } of outcomes) steps.line(`  ${what}: ${became}`);
}

function outputOf(
  outputs: Readonly<Record<string, unknown>>,
  { name, environment }: { readonly name: string; readonly environment: string },
): string {
  const value = outputs[name];
  if (typeof value === "string") return value;
  throw new Refusal(
    `${environment} has no output ${name}: add the setting grafana in stacks/environments.ts and deploy`,
  );
}

function write(folder: string, { dashboards }: ExpectedContent): string[] {
  mkdirSync(folder, { recursive: true });
  return dashboards.map((dashboard) => {
    const file = join(folder, `${dashboard.uid}.json`);
    writeFileSync(file, `${JSON.stringify(dashboard, null, 2)}\n`);
    return file;
  });
}
