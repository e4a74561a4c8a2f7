/** One command of `npm test`. */
export interface Step {
  readonly name: string;
  /** Script of package.json. */
  readonly script: string;
  /** Arguments of the script. */
  readonly args?: readonly string[];
  /** Variables of its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether Jest runs it, whose tests are counted one by one; any other command counts as one test. */
  readonly jest: boolean;
}

const command = (name: string, args: readonly string[] = []): Step => ({
  name,
  script: name,
  args,
  jest: false,
});
const jestLayer = (name: string, args: readonly string[] = []): Step => ({
  name,
  script: name,
  args,
  jest: true,
});

/** What `npm run check` runs, two at a time, the longest first. */
export const CHECK: readonly Step[] = [
  command("lint"),
  jestLayer("test:unit"),
  command("types"),
  command("format"),
  command("imports"),
  command("policies"),
];

/**
 * What `npm run check -- --changed` runs for these files, given by their paths in the repository: the checks of their
 * kind, and the unit tests that import them. Tests that read files, such as documents and workflows, are left to the
 * full run.
 */
export function stepsFor(changed: readonly string[]): Step[] {
  const code = changed.filter((file) => /\.(tsx?|c?js)$/.test(file));
  const tested = code.filter((file) => !file.startsWith("web/"));
  const isSynthesized = changed.some((file) => /^(main\.ts|stacks\/|policies\/|handlers\/)/.test(file));
  return [
    ...(code.length > 0 ? [command("lint", code)] : []),
    ...(tested.length > 0
      ? [jestLayer("test:unit", ["--passWithNoTests", "--findRelatedTests", ...tested])]
      : []),
    ...(code.length > 0 ? [command("types"), command("imports")] : []),
    command("format"),
    ...(isSynthesized ? [command("policies")] : []),
  ];
}

/**
 * What `npm test` runs, two at a time. The emulator layer takes longest and often waits for the AWS provider, so it
 * starts first.
 */
export const TEST: readonly Step[] = [
  jestLayer("test:emulator"),
  ...CHECK,
  jestLayer("test:services"),
  jestLayer("test:terraform"),
  jestLayer("test:settings"),
];
