import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { confirm, terminalQuestion } from "@packages/cli-kit/confirm";
import { localFolder, logFile } from "@packages/cli-kit/paths";
import { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";
import { TerraformStack } from "@packages/terraform/terraform-stack";
import { environments } from "../../stacks/environments";
import type { EnvironmentSettings } from "../../stacks/settings";
import { idleCost, total } from "../docs/cost";
import type { SynthesizedStack } from "../lib/synthesize";
import { terraformToolchain } from "../lib/toolchain";
import { settingsForTrial, synthesizeForTrial } from "./environment";
import {
  type AddressReport,
  compareReports,
  type ConformanceReport,
  describeReport,
  isClean,
  readReport,
} from "./report";
import { tryStack, type Trial } from "./try-stack";

export interface ConformanceInput {
  readonly environment: string;
  readonly endpoint: string | undefined;
  readonly profile: string | undefined;
  readonly maxUsdPerDay: number;
  readonly report: string;
  readonly compare: string | undefined;
  readonly yes: boolean;
}

/** How Terraform and the SDK reach the AWS on trial. */
interface Target {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly client: ConstructorParameters<typeof STSClient>[0];
}

/** Any credentials will do for an emulator. */
const EMULATOR_CREDENTIALS = { accessKeyId: "conformance", secretAccessKey: "conformance" };
const DAYS_PER_MONTH = 30;

/** Runs the command; returns 1 where something was not as it should be. Throws a Refusal before anything is made. */
export async function runConformance(input: ConformanceInput, print: (line: string) => void): Promise<0 | 1> {
  const earlier = input.compare === undefined ? undefined : readReport(input.compare);
  const settings = environments.find(({ name }) => name === input.environment);
  if (settings === undefined) throw new Refusal(`there is no environment ${input.environment}`);
  const target = targetOf(input, settings);
  const account = await accountOf(target);
  refuseOwnAccount(account, input);
  const folder = join(localFolder, "conformance/synthesized");
  rmSync(folder, { recursive: true, force: true });
  const stacks = synthesizeForTrial(settingsForTrial(settings, account), folder);
  if (input.profile !== undefined) await agree(stacks, { account, ...input });
  const steps = new Steps();
  try {
    const report = await tryStacks(stacks, target, steps);
    mkdirSync(dirname(input.report), { recursive: true });
    writeFileSync(input.report, `${JSON.stringify(report, null, 2)}\n`);
    describeReport(report).forEach((line) => print(line));
    print(`report: ${input.report}`);
    if (earlier !== undefined) compareReports(earlier, report).forEach((line) => print(line));
    return report.resources.some((one) => !isClean(one)) ? 1 : 0;
  } finally {
    steps.end();
  }
}

/** Tries stacks one after the other, for the later need the earlier, and destroys them in the other order. */
export async function tryStacks(
  stacks: readonly SynthesizedStack[],
  target: Pick<Target, "name" | "env">,
  steps: Steps,
): Promise<ConformanceReport> {
  const toolchain = await terraformToolchain();
  const trials: Trial[] = [];
  const resources: AddressReport[] = [];
  try {
    for (const { name, folder } of stacks) {
      const env = { ...target.env, TF_DATA_DIR: join(folder, ".terraform") };
      const stack = new TerraformStack(
        { toolchain, folder, env, log: logFile(`conformance/${name}`) },
        join(folder, "plan.tfplan"),
        { parallelism: 10 },
      );
      trials.unshift(await tryStack({ name, stack }, steps));
    }
  } finally {
    for (const trial of trials) resources.push(...(await trial.destroy()));
  }
  return { target: target.name, date: new Date().toISOString(), resources };
}

function targetOf({ endpoint, profile }: ConformanceInput, { region }: EnvironmentSettings): Target {
  if ((endpoint === undefined) === (profile === undefined))
    throw new Refusal("pass either --endpoint URL or --profile NAME");
  const common = { AWS_REGION: region, AWS_DEFAULT_REGION: region };
  if (profile !== undefined)
    return {
      name: `profile ${profile}`,
      env: { ...common, AWS_PROFILE: profile },
      client: { region, profile },
    };
  const { accessKeyId, secretAccessKey } = EMULATOR_CREDENTIALS;
  return {
    name: endpoint ?? "",
    env: {
      ...common,
      AWS_ENDPOINT_URL: endpoint ?? "",
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_CONFIG_FILE: "/dev/null",
      AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    client: { region, endpoint: endpoint ?? "", credentials: EMULATOR_CREDENTIALS },
  };
}

async function accountOf({ name, client }: Target): Promise<string> {
  const sts = new STSClient({ ...client, maxAttempts: 2 });
  try {
    const { Account = "" } = await sts.send(new GetCallerIdentityCommand({}));
    return Account;
  } catch (error) {
    throw new Refusal(`${name} does not answer sts:GetCallerIdentity: ${(error as Error).message}`);
  } finally {
    sts.destroy();
  }
}

/** A trial destroys what it makes: never in an account that people use. An emulator may have any number. */
function refuseOwnAccount(account: string, { profile }: ConformanceInput): void {
  const used = environments.find((one) => one.account === account);
  if (profile === undefined || used === undefined) return;
  throw new Refusal(
    `profile ${profile} is of account ${account}, which ${used.name} of stacks/environments.ts uses: ` +
      `use an account that holds nothing else`,
  );
}

/** Says what the account may be charged, and asks. Throws a Refusal when it is more than allowed. */
async function agree(
  stacks: readonly SynthesizedStack[],
  { account, yes, maxUsdPerDay: most }: ConformanceInput & { readonly account: string },
): Promise<void> {
  const daily = stacks.reduce((sum, stack) => sum + total(idleCost(stack)), 0) / DAYS_PER_MONTH;
  const cost = `${daily.toFixed(2)} $ a day`;
  if (daily > most)
    throw new Refusal(
      `the environment costs ${cost} while it is there: allowed are ${most} (--max-usd-per-day)`,
    );
  await confirm(`Apply it to account ${account}, and destroy it again? It costs ${cost} while it is there.`, {
    yes,
    ask: terminalQuestion(),
  });
}
