import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { EnvironmentSettings } from "../../stacks/settings";
import { optional } from "../../stacks/lib/optional";
import { writeStacks } from "../../stacks/write-stacks";
import { SynthesizedStack } from "../lib/synthesize";

/** Name of the environment that is applied and destroyed: a part of every physical name. */
export const CONFORMANCE_NAME = "conform";

/** Nobody reads mail of this domain: https://www.rfc-editor.org/rfc/rfc2606 */
const NO_RECIPIENTS = ["conformance@example.com"];

/**
 * The settings of an environment for a trial: deletable, under another name, without its recipients of alarms. Its
 * domains stay untouched: the end of the trial would delete records that the environment shares, such as the proof of
 * its certificates.
 */
export function settingsForTrial(settings: EnvironmentSettings, account: string): EnvironmentSettings {
  const { alarms, budget, app } = settings;
  const { branch, stage, repository } = app;
  const bucket = `streamflow-${CONFORMANCE_NAME}-state-${account}`;
  return {
    ...settings,
    name: CONFORMANCE_NAME,
    account,
    protect: false,
    dns: { off: "a trial has no domain" },
    app: { branch, stage, ...optional({ repository }) },
    alarms: "off" in alarms ? alarms : { ...alarms, emails: NO_RECIPIENTS, pagers: [] },
    budget: "off" in budget ? budget : { ...budget, emails: NO_RECIPIENTS },
    state: { kind: "s3", bucket, region: settings.region },
  };
}

/**
 * Synthesizes the foundation and the stack of the settings into a folder. Their states are files in it: the bucket is
 * one of the resources that are tried.
 */
export function synthesizeForTrial(settings: EnvironmentSettings, folder: string): SynthesizedStack[] {
  return Object.keys(writeStacks([settings], folder).manifest.stacks).map((name) => {
    const own = join(folder, "stacks", name);
    const override = {
      // An action that an emulator lacks must fail in seconds, not after 25 retries.
      provider: { aws: [{ max_retries: 4 }] },
      terraform: { backend: { local: { path: join(own, "terraform.tfstate") } } },
    };
    writeFileSync(join(own, "conformance_override.tf.json"), JSON.stringify(override, null, 2));
    return new SynthesizedStack(name, own);
  });
}
