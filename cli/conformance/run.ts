import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { IAMClientConfig } from "@aws-sdk/client-iam";
import { GetCallerIdentityCommand, STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import type { CommandContext } from "@packages/cli-kit/command";
import { confirm } from "@packages/cli-kit/confirm";
import { localFolder, logFile } from "@packages/cli-kit/paths";
import type { Steps } from "@packages/cli-kit/progress";
import { Refusal } from "@packages/cli-kit/refusal";
import { parseState } from "@packages/terraform/state";
import { TerraformStack } from "@packages/terraform/terraform-stack";
import { environments } from "../../stacks/environments";
import type { EnvironmentSettings } from "../../stacks/settings";
import { idleCost, total } from "../docs/cost";
import { createServiceLinkedRoles } from "../delivery/service-linked-roles";
import { INTERRUPTED_APPLY_GRACE_MS } from "../lib/prepared-stack";
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
import { Trial } from "./try-stack";

export interface ConformanceInput {
  readonly environment: string;
  readonly endpoint: string | undefined;
  readonly profile: string | undefined;
  readonly maxUsdPerDay: number;
  readonly report: string;
  readonly compare: string | undefined;
}

/** Endpoint and credentials of the tested AWS, for Terraform and the SDK. */
export interface Target {
  readonly name: string;
  readonly env: Readonly<Record<string, string>>;
  readonly client: STSClientConfig & IAMClientConfig;
}

/** An emulator accepts any credentials. */
const EMULATOR_CREDENTIALS = { accessKeyId: "conformance", secretAccessKey: "conformance" };
const DAYS_PER_MONTH = 30;

/** Runs the command; returns 1 if a resource failed. Throws a Refusal before anything is created. */
export async function runConformance(
  input: ConformanceInput,
  { print, steps, confirmation }: CommandContext,
): Promise<0 | 1> {
  const earlier = input.compare === undefined ? undefined : readReport(input.compare);
  const settings = environments.find(({ name }) => name === input.environment);
  if (settings === undefined) throw new Refusal(`there is no environment ${input.environment}`);
  const target = targetOf(input, settings);
  const account = await accountOf(target);
  refuseUsedAccount(account, input.profile);
  const folder = join(localFolder, "conformance/synthesized");
  refuseLeftovers(folder);
  rmSync(folder, { recursive: true, force: true });
  const stacks = synthesizeForTrial(settingsForTrial(settings, account), folder);
  if (input.profile !== undefined) {
    refuseCost(dailyCost(stacks), input.maxUsdPerDay);
    await confirm(questionOf(stacks, account), confirmation);
  }
  await createServiceLinkedRoles(target.client, steps).catch((error: Error) => {
    if (input.profile !== undefined) throw error;
    // An emulator may lack them; resources that need one are then reported.
    steps.line(`no service-linked roles: ${error.message}`);
  });
  const report = await tryStacks(stacks, target, steps);
  mkdirSync(dirname(input.report), { recursive: true });
  writeFileSync(input.report, `${JSON.stringify(report, null, 2)}\n`);
  describeReport(report).forEach((line) => print(line));
  print(`report: ${input.report}`);
  if (earlier !== undefined) compareReports(earlier, report).forEach((line) => print(line));
  return report.resources.some((one) => !isClean(one)) ? 1 : 0;
}

/**
 * Tries stacks one after the other, for the later need the earlier, and destroys them in the other order, whatever
 * fails. Throws what failed first.
 */
export async function tryStacks(
  stacks: readonly SynthesizedStack[],
  target: Pick<Target, "name" | "env">,
  steps: Steps,
): Promise<ConformanceReport> {
  const toolchain = await terraformToolchain();
  const trials: Trial[] = [];
  const errors: unknown[] = [];
  const resources: AddressReport[] = [];
  try {
    for (const { name, folder } of stacks) {
      const env = { ...target.env, TF_DATA_DIR: join(folder, ".terraform") };
      const log = logFile(`conformance/${name}`);
      const stack = new TerraformStack(
        { toolchain, folder, env, log, grace: INTERRUPTED_APPLY_GRACE_MS },
        join(folder, "plan.tfplan"),
        { parallelism: 10 },
      );
      const trial = new Trial({ name, stack }, steps);
      trials.unshift(trial);
      await trial.run();
    }
  } catch (error) {
    errors.push(error);
  }
  for (const trial of trials) {
    await trial.destroy().then(
      (reports) => resources.push(...reports),
      (error: unknown) => errors.push(error),
    );
  }
  if (errors.length > 0) throw errors[0];
  return { target: target.name, date: new Date().toISOString(), resources };
}

/** The tested AWS. Throws a Refusal unless the options name exactly one. */
export function targetOf(
  { endpoint, profile }: Pick<ConformanceInput, "endpoint" | "profile">,
  { region }: Pick<EnvironmentSettings, "region">,
): Target {
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

/** Refuses an account that people use: a trial destroys what it makes. An emulator may have any number. */
export function refuseUsedAccount(account: string, profile: string | undefined): void {
  const used = environments.find((one) => one.account === account);
  if (profile === undefined || used === undefined) return;
  throw new Refusal(
    `profile ${profile} is of account ${account}, which ${used.name} of stacks/environments.ts uses: ` +
      `use an account that contains nothing else`,
  );
}

/** Refuses to delete the states of an earlier trial that left something: without them nobody can destroy it. */
export function refuseLeftovers(folder: string): void {
  const stacks = join(folder, "stacks");
  const left = existsSync(stacks) ? readdirSync(stacks) : [];
  for (const name of left) {
    const file = join(stacks, name, "terraform.tfstate");
    if (!existsSync(file)) continue;
    const { resources } = parseState(readFileSync(file, "utf8"), file);
    if (resources === 0) continue;
    throw new Refusal(
      `an earlier trial left ${resources} resources: run terraform destroy in ${dirname(file)} with the credentials ` +
        `of that trial, or delete ${file} if they are gone`,
    );
  }
}

/** Refuses a trial that costs more than is allowed, in US dollars a day at list prices. */
export function refuseCost(daily: number, allowed: number): void {
  if (daily <= allowed) return;
  throw new Refusal(
    `--max-usd-per-day must be at least ${Math.ceil(daily)} for this environment, got ${allowed}: ` +
      `while it is there, it costs ${daily.toFixed(2)} $ a day`,
  );
}

const dailyCost = (stacks: readonly SynthesizedStack[]): number =>
  stacks.reduce((sum, stack) => sum + total(idleCost(stack)), 0) / DAYS_PER_MONTH;

const questionOf = (stacks: readonly SynthesizedStack[], account: string): string =>
  `Apply it to account ${account}, and destroy it again? It costs ${dailyCost(stacks).toFixed(2)} $ a day.`;
