import { readFileSync } from "node:fs";
import type { BaseStack, BaseStackProps } from "../../stacks/base-stack";
import { environments } from "../../stacks/environments";
import { decode } from "../../packages/terraform/expression";
import type { EnvironmentSettings } from "../../stacks/settings";
import { onceARun } from "./once-a-run";
import type * as Synthesize from "./synthesize";
import { testEnvironments } from "./test-environments";

/** Attributes of one resource, as Terraform reads them. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- synthesized JSON has any shape
export type Attributes = Record<string, any>;

/** The synthesized result of one stack. */
export interface Synthesized {
  readonly json: Attributes;
  /** Every resource: `aws_sqs_queue.media_queue` to its attributes. */
  readonly resources: ReadonlyMap<string, Attributes>;
  /** The resource at an address; throws if it does not exist. */
  at(address: string): Attributes;
  /** All resources of a type. */
  of(type: string): Attributes[];
}

export const baseProps: BaseStackProps = {
  account: "123456789012",
  region: "us-east-1",
  state: { kind: "s3", bucket: "state-of-tests", region: "us-east-1" },
  tags: { Project: "streamflow" },
};

/** CDKTF and all constructs; loaded only by tests that synthesize. */
const synthesis = () =>
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() would make every synth asynchronous
  require("./synthesize") as typeof Synthesize;

/** Synthesizes a bare stack with the constructs that `build` adds. */
export function synthOf(build: (stack: BaseStack) => void, props: Partial<BaseStackProps> = {}): Synthesized {
  return synthesized(synthesis().bareStack(build, { ...baseProps, ...props }));
}

/** Synthesizes the whole stack of an environment with changed settings. */
export function synthEnvironment(name: string, change: Partial<EnvironmentSettings> = {}): Synthesized {
  return synthSettings({ ...settingsOf(name), ...change });
}

/** Synthesizes the whole stack of an environment with these settings. */
export function synthSettings(settings: EnvironmentSettings): Synthesized {
  return synthesized(
    onceARun(`environment ${JSON.stringify(settings)}`, () => synthesis().environmentStack(settings)),
  );
}

/** Synthesizes the foundation of an environment's account with changed settings. */
export function synthFoundation(name: string, change: Partial<EnvironmentSettings> = {}): Synthesized {
  return synthFoundationOf([{ ...settingsOf(name), ...change }]);
}

/** Synthesizes the foundation of an account that has these environments. */
export function synthFoundationOf(together: [EnvironmentSettings, ...EnvironmentSettings[]]): Synthesized {
  return synthesized(
    onceARun(`foundation ${JSON.stringify(together)}`, () => synthesis().foundationStack(together)),
  );
}

/** Writes stacks to a folder as `npm run synth` does; returns the folder of each stack. */
export function synthTo(outdir: string, all: readonly EnvironmentSettings[]): string[] {
  return synthesis().writeTo(outdir, all);
}

/** Settings of the test environment with this name. */
export function settingsOf(name: string): EnvironmentSettings {
  return named(name, testEnvironments);
}

/** Committed settings with this name, for tests of `npm start` and of generated documents. */
export function committedSettingsOf(name: string): EnvironmentSettings {
  return named(name, environments);
}

function named(name: string, all: readonly EnvironmentSettings[]): EnvironmentSettings {
  const settings = all.find((environment) => environment.name === name);
  if (settings === undefined) throw new Error(`no environment is called ${name}`);
  return settings;
}

export function readJson(file: string): Attributes {
  return JSON.parse(readFileSync(file, "utf8")) as Attributes;
}

/** The value in Terraform's `${jsonencode(…)}`; references stay unchanged. */
export function decoded(expression: string): Attributes {
  const value = decode(expression);
  if (value === undefined) throw new Error(`no jsonencode: ${expression}`);
  return value as Attributes;
}

function synthesized(text: string): Synthesized {
  const json = JSON.parse(text) as Attributes;
  const resources = new Map<string, Attributes>();
  for (const [type, named] of Object.entries((json.resource ?? {}) as Attributes)) {
    for (const [name, attributes] of Object.entries(named as Attributes)) {
      resources.set(`${type}.${name}`, attributes as Attributes);
    }
  }
  return {
    json,
    resources,
    at: (address) => {
      const attributes = resources.get(address);
      if (attributes === undefined) {
        throw new Error(`nothing at ${address}; there is ${[...resources.keys()].join(", ")}`);
      }
      return attributes;
    },
    of: (type) => Object.values((json.resource?.[type] ?? {}) as Record<string, Attributes>),
  };
}
