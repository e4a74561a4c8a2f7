import * as fc from "fast-check";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Command, defineCommand, failureText } from "../../../packages/cli-kit/command";
import { editDistance, nearest } from "../../../packages/cli-kit/nearest";
import { projectFolder } from "../../../packages/cli-kit/paths";
import {
  choice,
  flag,
  integer,
  option,
  optionalPositional,
  path,
  positional,
  positionals,
  requiredOption,
  text,
} from "../../../packages/cli-kit/values";

const run = () => Promise.resolve();

const prune = defineCommand({
  name: "prune",
  summary: "Deletes old backups.",
  examples: ["dev"],
  positionals: {
    environment: positional(choice("ENVIRONMENT", ["dev", "prod"]), "whose backups"),
    kind: optionalPositional(text("KIND"), "which", { default: "all" }),
  },
  options: {
    keep: option(integer("N", { min: 1, max: 100 }), "how many are left", { default: "10" }),
    reason: option(text("TEXT"), "why"),
    dryRun: flag("delete nothing"),
    quiet: flag("print nothing"),
  },
  check: ({ dryRun, quiet }) => (dryRun && quiet ? "--dry-run and --quiet exclude each other" : undefined),
  run,
});

const refusal = (command: Command, ...args: string[]): string => {
  try {
    command.parse(args);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error(`${args.join(" ")} was taken`);
};

describe("a command line", () => {
  test("is read into typed values by the keys of the definition, defaults where there is nothing", () => {
    const input: {
      readonly environment: "dev" | "prod";
      readonly kind: string;
      readonly keep: number;
      readonly reason: string | undefined;
      readonly dryRun: boolean;
    } = prune.parse(["dev"]);
    expect(input).toEqual({
      environment: "dev",
      kind: "all",
      keep: 10,
      reason: undefined,
      dryRun: false,
      quiet: false,
    });
    expect(prune.parse(["--dry-run", "prod", "state", "--keep=3", "--reason", "a b"])).toMatchObject({
      environment: "prod",
      kind: "state",
      keep: 3,
      reason: "a b",
      dryRun: true,
    });
  });

  test("reads arguments after -- as positionals, and a value with a leading hyphen after =", () => {
    expect(prune.parse(["dev", "--", "--keep"]).kind).toBe("--keep");
    expect(prune.parse(["dev", "--reason=-x"]).reason).toBe("-x");
  });

  test.each<[string[], string]>([
    [[], "missing ENVIRONMENT: must be one of dev, prod"],
    [["prd"], 'ENVIRONMENT must be one of dev, prod, got "prd" (did you mean prod?)'],
    [["dev", "a", "b"], 'unexpected argument "b": expected ENVIRONMENT, then KIND'],
    [["dev", "--dry-rum"], "unknown option --dry-rum (did you mean --dry-run?)"],
    [["dev", "-x"], "unknown option -x: must be one of --keep, --reason, --dry-run, --quiet, --help"],
    [["dev", "--keep"], "--keep needs a value: N must be from 1 to 100"],
    [["dev", "--keep", "--quiet"], "--keep needs a value, got the option --quiet"],
    [["dev", "--keep", "0"], '--keep must be from 1 to 100, got "0"'],
    [["dev", "--keep", "1e1"], '--keep must be from 1 to 100, got "1e1"'],
    [["dev", "--keep", "1", "--keep", "2"], "--keep is given twice"],
    [["dev", "--quiet=yes"], '--quiet takes no value, got "yes"'],
    [["dev", "--reason", ""], '--reason must be a non-empty text, got ""'],
    [["dev", "--dry-run", "--quiet"], "--dry-run and --quiet exclude each other"],
  ])("%j is refused in one line that names what is allowed", (args, message) => {
    const line = refusal(prune, ...args);
    expect(line).toContain(`npm run prune: ${message}`);
    expect(line).toMatch(/^[^\n]*; see npm run prune -- --help$/);
  });

  test("is refused without an option that must be given, and read into a list where many are taken", () => {
    const send = defineCommand({
      name: "send",
      summary: "Sends files.",
      examples: ["a --to b"],
      positionals: { files: positionals(text("FILE"), "what", { min: 1 }) },
      options: { to: requiredOption(path("FOLDER"), "where") },
      run,
    });
    expect(refusal(send, "a")).toContain("missing --to FOLDER");
    expect(refusal(send, "--to", "b")).toContain("missing FILE");
    expect(send.parse(["a", "b", "--to", "/c"])).toEqual({ files: ["a", "b"], to: "/c" });
  });

  test("is accepted or rejected for any content, and never fails in another way", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "dev",
        "prod",
        "--keep",
        "--keep=5",
        "--dry-run",
        "--",
        "-",
        "-k",
        "--__proto__",
        "=",
        "",
      ),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 6 }), (args) => {
        try {
          const { keep, environment } = prune.parse(args);
          expect(keep >= 1 && keep <= 100 && ["dev", "prod"].includes(environment)).toBe(true);
        } catch (error) {
          expect((error as Error).constructor.name).toBe("UsageError");
        }
      }),
    );
  });
});

test("the usage shows positionals, options with their defaults and allowed values, and examples", () => {
  expect(prune.usage).toContain("npm run prune -- ENVIRONMENT [KIND] [options]\n\nDeletes old backups.\n");
  expect(prune.usage).toMatch(/^ {2}ENVIRONMENT +whose backups \(one of dev, prod\)$/m);
  expect(prune.usage).toMatch(/^ {2}KIND +which \(default all\)$/m);
  expect(prune.usage).toMatch(/^ {2}--keep N +how many are left \(default 10\)$/m);
  expect(prune.usage).toMatch(/^ {2}--dry-run +delete nothing$/m);
  expect(prune.usage).toMatch(/^ {2}--help, -h /m);
  expect(prune.usage).toContain("Example:\n  npm run prune -- dev\n");
});

describe("the nearest name", () => {
  test.each([
    ["--dry-rum", "--dry-run"],
    ["stagign", undefined],
    ["--dryrun", "--dry-run"],
    ["xyz", undefined],
  ])("of %s is %s", (word, name) => {
    expect(nearest(word, ["--dry-run", "--yes", "prod"])).toBe(name);
  });

  test("is by a distance that is 0 for itself, and the same both ways", () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (one, other) => {
        expect(editDistance(one, one)).toBe(0);
        expect(editDistance(one, other)).toBe(editDistance(other, one));
        expect(editDistance(one, other)).toBeLessThanOrEqual(Math.max(one.length, other.length));
      }),
    );
  });
});

test("a failure is its message alone, a mistake in the program has its stack", () => {
  expect(failureText(new Error("no credentials"))).toBe("no credentials");
  expect(failureText(new TypeError("fetch failed", { cause: new Error("refused") }))).toBe("fetch failed");
  expect(failureText(new TypeError("x is not a function"))).toMatch(
    /^TypeError: x is not a function\n {4}at /,
  );
});

describe("a command that runs", () => {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-command-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const kit = join(projectFolder, "packages/cli-kit");
  const file = join(folder, "command.ts");
  writeFileSync(
    file,
    `import { defineCommand, runCommand } from ${JSON.stringify(join(kit, "command"))};
import { confirm } from ${JSON.stringify(join(kit, "confirm"))};
import { Refusal } from ${JSON.stringify(join(kit, "refusal"))};
import { choice, flag, positional } from ${JSON.stringify(join(kit, "values"))};
const work = defineCommand({
  name: "work", summary: "Works.", examples: ["well"],
  positionals: { how: positional(choice("HOW", ["well", "found", "fail", "refuse", "ask", "serve"]), "how") },
  options: { yes: flag("do not ask") },
  run: async ({ how }, { print, confirmation, shutdown }) => {
    shutdown.before(() => print("cleaned up"));
    if (how === "fail") throw new Error("it failed");
    if (how === "refuse") throw new Refusal("not now");
    if (how === "ask") await confirm("Go on?", confirmation);
    if (how === "serve") { setInterval(() => undefined, 1_000); process.kill(process.pid, "SIGTERM"); await new Promise(() => undefined); }
    print("worked");
    return how === "found" ? 1 : 0;
  },
});
void runCommand(work, process.argv.slice(2));
`,
  );
  const runs = (...args: string[]) => {
    const command = ["--import", "tsx", file, ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, command, {
      cwd: projectFolder,
      encoding: "utf8",
    });
    return { status, stdout, stderr };
  };

  test.each<[string[], number, string, string]>([
    [["well"], 0, "worked\ncleaned up\n", ""],
    [["found"], 1, "worked\ncleaned up\n", ""],
    [["fail"], 1, "cleaned up\n", "it failed\n"],
    [["refuse"], 2, "cleaned up\n", "not now\n"],
    [["ask"], 2, "cleaned up\n", "no terminal to ask for confirmation; nothing was changed. Pass --yes.\n"],
    [["ask", "--yes"], 0, "worked\ncleaned up\n", ""],
    [["serve"], 143, "SIGTERM: stopping\ncleaned up\n", ""],
  ])("%j ends with exit code %s", (args, status, stdout, stderr) => {
    expect(runs(...args)).toEqual({ status, stdout, stderr });
  });
});
