import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CloudWatchLogsClient, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { clientConfig, emulatorEnvironment } from "@packages/embedded-aws/client";
import { projectFolder } from "@packages/cli-kit/paths";
import { environments } from "../../stacks/environments";
import { SYNTH_FOLDER } from "../../cli/lib/synthesize";
import { targetOf } from "../../cli/lib/target";
import { terraformToolchain } from "../../cli/lib/toolchain";
import type { Bench, Benchmark, Measured } from "../case";
import { runCommand } from "../run-command";
import { ProductStart } from "../start/start";
import { type Take, takeTurns } from "../turns";

/** Name of the `npm start` to deploy to. */
const NAME = "bench-deploy";
const ENVIRONMENT = "dev";
const DEPLOY = `npm run deploy -- ${ENVIRONMENT}`;
const TERRAFORM = "terraform plan, apply";

const LIMIT =
  "it also synthesizes, checks the account, initializes, shows and reviews the plan, calls the API and publishes " +
  "the console";

/** Deployment of one change, compared with Terraform alone. */
export const benchmark: Benchmark = {
  name: "deploy",
  about:
    "npm run deploy of one change to the embedded AWS, compared with terraform plan and apply of the same change",
  turns: { least: 3, most: 10 },
  comparisons: [
    { of: DEPLOY, than: TERRAFORM, figure: "wall", goal: { atMost: 1.5 }, limit: LIMIT },
    { of: DEPLOY, than: TERRAFORM, figure: "cpu", limit: LIMIT },
    { of: DEPLOY, than: TERRAFORM, figure: "rss" },
  ],
  measure,
};

async function measure(bench: Bench): Promise<Measured> {
  bench.tell("npm start, the deployment target");
  const start = await ProductStart.begin("--fresh", "--name", NAME);
  try {
    await start.verified();
    return await takeTurns(
      bench,
      await thingsOf(bench, { aws: start.field("AWS"), api: start.field("API") }),
    );
  } finally {
    await start.stop();
  }
}

interface Endpoints {
  readonly aws: string;
  readonly api: string;
}

async function thingsOf(bench: Bench, { aws, api }: Endpoints): Promise<Record<string, Take>> {
  const { stack, settings } = targetOf(ENVIRONMENT, environments);
  const env = emulatorEnvironment(aws, settings.region);
  const { executable, env: toolchainEnv } = await terraformToolchain();
  const terraform = {
    path: executable.path,
    cwd: join(bench.folder, "terraform"),
    env: { ...toolchainEnv, ...env },
  };
  const change = changeOf(aws, settings.region);
  const args = ["--import", "tsx", "commands.ts", "deploy", ENVIRONMENT, "--yes", "--api-url", api];
  const out = ["--out", join(bench.folder, "plans")];
  return {
    [DEPLOY]: async () => {
      await change();
      return runCommand(process.execPath, [...args, ...out], { cwd: projectFolder, env });
    },
    [TERRAFORM]: async () => {
      await initialized(terraform, stack);
      await change();
      const script = '"$0" plan -input=false -out=plan.tfplan && "$0" apply -input=false plan.tfplan';
      return runCommand("sh", ["-c", script, terraform.path], terraform);
    },
  };
}

/** Changes the retention of a function's logs, so that a plan has a change. */
function changeOf(endpoint: string, region: string): () => Promise<void> {
  const logs = new CloudWatchLogsClient(clientConfig(endpoint, region));
  const policy = { logGroupName: `/aws/lambda/streamflow-${ENVIRONMENT}-media`, retentionInDays: 1 };
  return async () => void (await logs.send(new PutRetentionPolicyCommand(policy)));
}

interface BareTerraform {
  readonly path: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Copies the synthesized stack and runs terraform init, unmeasured. */
async function initialized({ path, cwd, env }: BareTerraform, stack: string): Promise<void> {
  rmSync(cwd, { recursive: true, force: true });
  cpSync(join(SYNTH_FOLDER, "stacks", stack), cwd, { recursive: true });
  await runCommand(path, ["init", "-input=false", "-reconfigure"], { cwd, env });
}
