import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CommandContext } from "@packages/cli-kit/command";
import { projectFolder } from "@packages/cli-kit/paths";
import { Refusal } from "@packages/cli-kit/refusal";
import type { ValueType } from "@packages/cli-kit/values";
import { environments } from "../../stacks/environments";
import { SettingsError } from "../../stacks/lib/schema";
import { checkEnvironments, type EnvironmentSettings } from "../../stacks/settings";
import { KeyFiles } from "../playback-key/key-files";
import { newName } from "../playback-key/run";
import { type Accounts, accountsType } from "./accounts";
import { isSample, type Owner, ownSettings, sourceOf } from "./settings";

export interface InitInput extends Partial<{ readonly [Key in keyof Owner]: Owner[Key] | undefined }> {
  readonly force: boolean;
}

const SETTINGS_FILE = join(projectFolder, "stacks/environments.ts");

/** Writes the settings of an owner. Throws a Refusal if they are not the sample's, or something is not given. */
export async function runInit(input: InitInput, { print, confirmation }: CommandContext): Promise<void> {
  if (!isSample(environments) && !input.force) {
    throw new Refusal(
      "stacks/environments.ts is not the sample's any more; nothing was changed. Pass --force to replace it",
    );
  }
  const owner = await complete(input, confirmation.ask);
  const chosen = chosenOf(owner.accounts);
  const keys = chosen.map(({ name }) => newKey(new KeyFiles(name)));
  const own = chosen.map((sample, index) => {
    const key = keys[index];
    if (key === undefined) throw new Error(`no key was made for ${sample.name}`);
    return ownSettings(sample, owner, { [key.name]: key.files.create(key.name) });
  });
  try {
    checkEnvironments(own);
  } catch (error) {
    keys.forEach(({ name, files }) => files.remove(name));
    throw error instanceof SettingsError ? new Refusal(`nothing was changed:\n${error.message}`) : error;
  }
  // Jest can't load prettier, whose entry imports ES modules.
  const { format, resolveConfig } = await import("prettier");
  const options = { ...(await resolveConfig(SETTINGS_FILE)), filepath: SETTINGS_FILE };
  writeFileSync(SETTINGS_FILE, await format(sourceOf(own), options));
  nextSteps(own).forEach((line) => print(line));
}

/** A name that no private key on this machine has. */
function newKey(files: KeyFiles): { readonly name: string; readonly files: KeyFiles } {
  const taken: string[] = [];
  for (;;) {
    const name = newName(taken, new Date());
    if (files.read(name) === undefined) return { name, files };
    taken.push(name);
  }
}

/** Settings of the sample by the names of the accounts. Throws a Refusal for another name. */
function chosenOf(accounts: Accounts): EnvironmentSettings[] {
  const names = environments.map(({ name }) => name);
  const unknown = Object.keys(accounts).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Refusal(`--accounts: the sample has no environment ${unknown}, only ${names.join(", ")}`);
  return environments.filter(({ name }) => name in accounts);
}

type Ask = ((question: string) => Promise<string>) | undefined;

/** Asks for what was not given. Throws a Refusal with the missing options where there is no terminal. */
async function complete(input: InitInput, ask: Ask): Promise<Owner> {
  const { accounts, domain, repository, email } = input;
  const given = { "--accounts": accounts, "--domain": domain, "--repository": repository, "--email": email };
  const missing = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length > 0 && ask === undefined)
    throw new Refusal(`no terminal to ask; nothing was changed. Pass ${missing.join(", ")}`);
  const question = async (text: string): Promise<string> => (await ask?.(`${text}: `))?.trim() ?? "";
  return {
    accounts:
      accounts ?? readAccounts(await question("Accounts, such as dev=471112345678,prod=571112345678")),
    domain: domain ?? (await question("Domain of prod, such as videos.example.org")),
    repository: repository ?? (await question("Your repository on GitHub, owner/name")),
    email: email ?? (await question("E-mail address for alarms and budgets")),
    zone: input.zone,
    region: input.region ?? "us-east-1",
    terraformCloud: input.terraformCloud,
  };
}

function readAccounts(text: string): Accounts {
  const { allowed, read }: ValueType<Accounts> = accountsType;
  const accounts = read(text);
  if (accounts === undefined)
    throw new Refusal(`the accounts must be ${allowed}, got "${text}"; nothing was changed`);
  return accounts;
}

function nextSteps(own: readonly EnvironmentSettings[]): string[] {
  const [{ name } = { name: "dev" }] = own;
  return [
    `stacks/environments.ts has ${own.map((one) => `${one.name} in ${one.account}`).join(", ")}`,
    `private playback keys are in .local/playback-keys/ until npm run playback-key stores them`,
    "next:",
    "  npm run policies -- --accept && npm run docs",
    `  npm run doctor -- ${name}`,
    `  npm run deploy -- foundation-${name}`,
    `  npm run image -- ${name}`,
    `  npm run deploy -- ${name}`,
    `  npm run playback-key -- ${name}`,
    `  npm run users -- ${name} invite EMAIL`,
  ];
}
