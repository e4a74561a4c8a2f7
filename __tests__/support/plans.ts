import { basename } from "node:path";
import type { EnvironmentSettings } from "../../stacks/settings";
import { editJson, type Planned, StackPlans } from "./stack-plans";
import { type Attributes, settingsOf, synthTo } from "./synth";

export type { Planned } from "./stack-plans";

/** One way in which somebody changes the stack: its settings, or what is synthesized of them. */
export interface Change {
  readonly settings?: (settings: EnvironmentSettings) => EnvironmentSettings;
  /** Changes the synthesized JSON in place. */
  readonly edit?: (json: Attributes) => void;
}

/** Staging has some of everything; unprotected, or Terraform itself would refuse to plan what is to be reviewed. */
export const planned: EnvironmentSettings = { ...settingsOf("staging"), protect: false };
export const STACK = `streamflow-${planned.name}`;

const plans = new StackPlans(writeEnvironment);

/** Plans a changed environment against the state in which the unchanged one is applied. Throws what Terraform refuses. */
export const planOf = (change: Change): Promise<Planned> => plans.planOf(change);

/** Deletes every plan that was made. */
export const removePlans = (): void => plans.remove();

function writeEnvironment(outdir: string, { settings = (same) => same, edit }: Change = {}): string {
  const folder = synthTo(outdir, [settings(planned)]).find((path) => basename(path) === STACK) ?? "";
  if (edit) editJson(folder, edit);
  return folder;
}
