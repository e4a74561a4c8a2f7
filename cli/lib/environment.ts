import { flag, matching, option, choice, path, type ValueType } from "@packages/cli-kit/values";
import { environments } from "../../stacks/environments";

/** Prefix of the name of an environment that means the foundation of its account. */
export const FOUNDATION_PREFIX = "foundation-";

export const environmentNames: readonly string[] = environments.map(({ name }) => name);

/** An environment of stacks/environments.ts, by its name. */
export const environmentName: ValueType<string> = choice("ENVIRONMENT", environmentNames);

/** An environment, or as `foundation-dev` the foundation of its account. */
export const targetName: ValueType<string> = choice("ENVIRONMENT", [
  ...environmentNames,
  ...environmentNames.map((name) => `${FOUNDATION_PREFIX}${name}`),
]);

/** Options that several commands have. */
export const yes = flag("do not ask for confirmation");
export const dryRun = flag("say what would be changed, and change nothing");
export const accept = option(
  matching("DIGEST", /^[0-9a-f]{8,64}$/, "the first 8 to 64 hexadecimal digits of a digest"),
  "apply although the review blocks the plan: the first 8 or more digits of the digest that it shows",
);

/** Where plans and reports are written, in a folder with the stack's name. */
export const outFolder = (folder: string) =>
  option(path("FOLDER"), "write plans and reports to FOLDER/STACK", { default: folder });
