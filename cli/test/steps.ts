/** One command of `npm test`. */
export interface Step {
  readonly name: string;
  /** Script of package.json. */
  readonly script: string;
  /** Whether Jest runs it, whose tests are counted one by one; any other command counts as one test. */
  readonly jest: boolean;
}

const step = (name: string, jest: boolean): Step => ({ name, script: name, jest });

/** What `npm run check` runs, two at a time, the longest first. */
export const CHECK: readonly Step[] = [
  step("lint", false),
  step("test:unit", true),
  step("types", false),
  step("format", false),
  step("imports", false),
  step("policies", false),
];

/** What `npm test` runs after that, one at a time: each has servers of its own, and uses both processors. */
export const LAYERS: readonly Step[] = [
  step("test:settings", true),
  step("test:services", true),
  step("test:terraform", true),
  step("test:emulator", true),
];
