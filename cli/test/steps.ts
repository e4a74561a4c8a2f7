import { delimiter } from "node:path";

/** One command of `npm test`. */
export interface Step {
  readonly name: string;
  /** Script of package.json. */
  readonly script: string;
  /** Arguments of the script. */
  readonly args?: readonly string[];
  /** Variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** A Jest step, whose tests are counted one by one; other commands count as one test. */
  readonly jest: boolean;
}

const command = (name: string, options: Pick<Step, "args" | "env"> = {}): Step => ({
  name,
  script: name,
  ...options,
  jest: false,
});
const jestLayer = (name: string, args: readonly string[] = []): Step => ({
  name,
  script: name,
  args,
  jest: true,
});

/** Steps of `npm run check`, two at a time, longest first. */
export const CHECK: readonly Step[] = [
  command("lint"),
  jestLayer("test:unit"),
  command("types"),
  command("format"),
  command("imports"),
  command("policies"),
];

/** Files that the linter reads. */
export function codeIn(changed: readonly string[]): string[] {
  return changed.filter((file) => /\.(tsx?|c?js)$/.test(file));
}

/**
 * Steps of `npm run check -- --changed` for the given repository paths: checks of their kind, and the unit tests that
 * import them. Tests that read files, such as documents and workflows, only run in the full check. `lintProjects` are
 * TypeScript configurations that contain the changed code.
 */
export function stepsFor(changed: readonly string[], lintProjects: readonly string[]): Step[] {
  const code = codeIn(changed);
  const isSynthesized = changed.some((file) => /^(main\.ts|stacks\/|policies\/|handlers\/)/.test(file));
  return [
    ...(code.length > 0
      ? [
          command("lint", { args: code, env: { LINT_PROJECTS: lintProjects.join(delimiter) } }),
          jestLayer("test:unit", ["--passWithNoTests", "--findRelatedTests", ...code]),
          command("types"),
          command("imports:files", { args: code }),
        ]
      : []),
    command("format:files", { args: changed }),
    ...(isSynthesized ? [command("policies")] : []),
  ];
}

/**
 * Steps of `npm test`, two at a time. The emulator layer takes longest and often waits for the AWS provider, so it
 * starts first.
 */
export const TEST: readonly Step[] = [
  jestLayer("test:emulator"),
  ...CHECK,
  jestLayer("test:services"),
  jestLayer("test:terraform"),
  jestLayer("test:settings"),
];
