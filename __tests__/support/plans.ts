import { basename } from "node:path";
import type { EnvironmentSettings } from "../../stacks/settings";
import { editJson, type Planned, StackPlans } from "./stack-plans";
import { type Attributes, settingsOf, synthTo } from "./synth";

export type { Planned } from "./stack-plans";

/** A change of the stack: of its settings or of the synthesized JSON. */
export interface Change {
  readonly settings?: (settings: EnvironmentSettings) => EnvironmentSettings;
  /** Changes the synthesized JSON in place. */
  readonly edit?: (json: Attributes) => void;
}

/** Staging has some of everything; unprotected, because Terraform would refuse to plan the changes. */
export const planned: EnvironmentSettings = { ...settingsOf("staging"), protect: false };
export const STACK = `streamflow-${planned.name}`;

const plans = new StackPlans(writeEnvironment);

/** Plans a changed environment against the state of the unchanged one. Throws Terraform's errors. */
export const planOf = (change: Change): Promise<Planned> => plans.planOf(change);

/** Deletes all plans. */
export const removePlans = (): void => plans.remove();

function writeEnvironment(outdir: string, { settings = (same) => same, edit }: Change = {}): string {
  const folder = synthTo(outdir, [settings(planned)]).find((path) => basename(path) === STACK) ?? "";
  if (edit) editJson(folder, edit);
  return folder;
}
