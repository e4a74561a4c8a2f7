import { environments } from "../../../stacks/environments";

/** Host name that the settings give the environment of a stack. Throws when no environment has that stack. */
export function publicName(stack: string): string {
  const found = environments.find(({ name }) => `streamflow-${name}` === stack);
  if (found === undefined) throw new Error(`no environment of the settings has the stack ${stack}`);
  return found.domain;
}
