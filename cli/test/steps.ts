/** One command of `npm test`. */
export interface Step {
  readonly name: string;
  /** Script of package.json. */
  readonly script: string;
  /** Whether Jest runs it, whose tests are counted one by one; any other command counts as one test. */
  readonly jest: boolean;
}

const command = (name: string): Step => ({ name, script: name, jest: false });
const jestLayer = (name: string): Step => ({ name, script: name, jest: true });

/** What `npm run check` runs, two at a time, the longest first. */
export const CHECK: readonly Step[] = [
  command("lint"),
  jestLayer("test:unit"),
  command("types"),
  command("format"),
  command("imports"),
  command("policies"),
];

/** What `npm test` runs after that, one at a time: each has servers of its own, and uses both processors. */
export const LAYERS: readonly Step[] = [
  jestLayer("test:settings"),
  jestLayer("test:services"),
  jestLayer("test:terraform"),
  jestLayer("test:emulator"),
];
