import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { GrafanaClient } from "@aws-sdk/client-grafana";
import { environments } from "../../stacks/environments";
import { accessOf, guardAccount } from "../lib/account";
import { Refusal } from "@packages/cli-kit/refusal";
import { prepare, type Prepared } from "../lib/prepared-stack";
import { targetOf } from "../lib/target";
import { stackOf } from "../docs/synthesized";
import { localFolder } from "@packages/cli-kit/paths";
import { Steps } from "@packages/cli-kit/progress";
import { GrafanaApi } from "./http";
import { type GrafanaOptions, parseOptions, usage } from "./options";
import { drawDashboards } from "./picture/draw";
import { provision, type Wanted } from "./provision";
import { deployedBody, synthesizedBody, wantedOf } from "./wanted";
import { withToken } from "./workspace";

/** `npm run grafana`: see options.ts for what it can be told. */
async function main(args: readonly string[]): Promise<number> {
  const steps = new Steps();
  try {
    const options = parseOptions(args);
    if (options.help) process.stdout.write(usage);
    else await run(options, steps);
    return 0;
  } catch (error) {
    process.stderr.write(`\n${(error as Error).message}\n`);
    return error instanceof Refusal ? 2 : 1;
  } finally {
    steps.end();
  }
}

async function run(options: GrafanaOptions, steps: Steps): Promise<void> {
  const target = targetOf(options.environment, environments, false);
  const access = accessOf(target.settings);
  if (options.picture === undefined) {
    await steps.run(
      "account",
      () => guardAccount(access, target.settings),
      (arn) => `${target.settings.account}, by ${access.name} (${arn})`,
    );
  }
  const prepared = await prepare(target, access, steps, { out: join(localFolder, "plans") });
  const stack = stackOf(target.stack, prepared.synthesized.configuration);
  if (options.picture !== undefined) {
    const body = synthesizedBody(stack);
    const files = drawDashboards(options.picture, body, wantedOf(target.settings, stack, body).dashboards);
    return steps.line(files.join("\n"));
  }
  await prepared.stack.init();
  const outputs = await prepared.stack.outputs();
  const body = await deployedBody(
    new CloudWatchClient(access.client),
    outputOf(outputs, "dashboard", target.name),
  );
  const wanted = wantedOf(target.settings, stack, body);
  if (options.out !== undefined) return steps.line(write(options.out, wanted).join("\n"));
  await provisioned(
    prepared,
    wanted,
    outputOf(outputs, "grafana_workspace", target.name),
    options.dryRun,
    steps,
  );
}

async function provisioned(
  { access }: Prepared,
  wanted: Wanted,
  workspace: string,
  dry: boolean,
  steps: Steps,
): Promise<void> {
  const outcomes = await steps.run(
    `Grafana workspace ${workspace}`,
    () =>
      withToken(new GrafanaClient(access.client), workspace, (at) =>
        provision(new GrafanaApi(at), wanted, dry),
      ),
    (all) =>
      `${all.filter(({ became }) => became !== "as it was").length} of ${all.length} ${dry ? "would change" : "changed"}`,
  );
  for (const { what, became } of outcomes) steps.line(`  ${what}: ${became}`);
}

function outputOf(outputs: Readonly<Record<string, unknown>>, name: string, environment: string): string {
  const value = outputs[name];
  if (typeof value === "string") return value;
  throw new Refusal(
    `${environment} has no output ${name}: give it the setting grafana in stacks/environments.ts, and deploy it`,
  );
}

function write(folder: string, { dashboards }: Wanted): string[] {
  mkdirSync(folder, { recursive: true });
  return dashboards.map((dashboard) => {
    const file = join(folder, `${dashboard.uid}.json`);
    writeFileSync(file, `${JSON.stringify(dashboard, null, 2)}\n`);
    return file;
  });
}

void main(process.argv.slice(2)).then((code) => process.exit(code));
