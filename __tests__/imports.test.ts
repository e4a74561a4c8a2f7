import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

interface Configuration {
  readonly forbidden: readonly { readonly name: string }[];
}

const CONFIGURATION = resolve(__dirname, "../.dependency-cruiser.js");
const { forbidden } = jest.requireActual<Configuration>(CONFIGURATION);

/** A file for each rule, and an import that the rule forbids. */
const PLANTED: Readonly<Record<string, readonly [file: string, imported: string]>> = {
  "no-cycles": ["handlers/one.ts", "./other"],
  resolvable: ["cli/lost.ts", "./nowhere"],
  "packages-stand-alone": ["packages/iam/product.ts", "../../stacks/base-stack"],
  "packages-go-down": ["packages/terraform/up.ts", "../embedded-aws/client"],
  "cli-kit-imports-no-package": ["packages/cli-kit/up.ts", "../iam/evaluate"],
  "package-by-name": ["policies/path.ts", "../packages/iam/evaluate"],
  "stacks-know-no-tools": ["stacks/tool.ts", "../cli/start/main"],
  "stacks-take-types-of-handlers": ["stacks/code.ts", "../handlers/media/routes"],
  "constructs-get-settings": ["stacks/constructs/data/settings.ts", "../../environments"],
  "lib-is-lowest": ["stacks/lib/up.ts", "../constructs/data/bucket"],
  "handlers-know-no-infrastructure": ["handlers/up.ts", "../stacks/base-stack"],
  "review-task-knows-one-package": ["handlers/review-task-up.ts", "../stacks/base-stack"],
  "domain-knows-interfaces": ["handlers/media/aws.ts", "@aws-sdk/client-s3"],
  "console-shares-types": ["web/src/code.ts", "../../handlers/media/routes"],
  "console-imports-no-tools": ["web/src/tool.ts", "../../cli/start/main"],
  "policies-know-packages": ["policies/stack.ts", "../stacks/base-stack"],
  "commands-on-top": ["cli/up.ts", "../bench/main"],
  "harness-knows-no-command": ["harness/up.ts", "../cli/start/main"],
  "shared-knows-no-command": ["cli/lib/up.ts", "../start/main"],
  "embedded-aws-is-for-rehearsals": ["cli/delivery/emulated.ts", "@packages/embedded-aws/client"],
  "one-resource-at-a-time": ["stacks/all.ts", "@cdktf/provider-aws"],
};

/** Files that the planted files import, and one that violates no rule. */
const INNOCENT: Readonly<Record<string, string>> = {
  "handlers/other.ts": 'import { one } from "./one";\nexport const other = one;\n',
  "handlers/media/routes.ts": "export const one = 1;\n",
  "stacks/base-stack.ts": "export const one = 1;\n",
  "stacks/environments.ts": "export const one = 1;\n",
  "stacks/constructs/data/bucket.ts": "export const one = 1;\n",
  "cli/start/main.ts": 'export { one } from "@packages/embedded-aws/client";\n',
  "bench/main.ts": "export const one = 1;\n",
  "packages/embedded-aws/client.ts": "export const one = 1;\n",
  "packages/iam/evaluate.ts": "export const one = 1;\n",
  "node_modules/@aws-sdk/client-s3/index.js": "exports.one = 1;\n",
  "node_modules/@cdktf/provider-aws/lib/index.js": "exports.one = 1;\n",
};

const folder = mkdtempSync(join(tmpdir(), "imports-"));
let violations: readonly Violation[] = [];

beforeAll(() => {
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  for (const [file, text] of Object.entries(INNOCENT)) write(file, text);
  for (const [file, imported] of Object.values(PLANTED)) {
    write(file, `import { one } from "${imported}";\nexport { one };\n`);
  }
  for (const name of ["embedded-aws", "iam"]) {
    write(
      `packages/${name}/package.json`,
      JSON.stringify({ name: `@packages/${name}`, exports: { "./*": "./*.ts" } }),
    );
    mkdirSync(join(folder, "node_modules/@packages"), { recursive: true });
    symlinkSync(join(folder, "packages", name), join(folder, "node_modules/@packages", name));
  }
  const dependencies = { "@aws-sdk/client-s3": "3", "@cdktf/provider-aws": "20" };
  write("package.json", JSON.stringify({ name: "planted", workspaces: ["packages/*"], dependencies }));
  write("node_modules/@aws-sdk/client-s3/package.json", JSON.stringify({ main: "index.js" }));
  write("node_modules/@cdktf/provider-aws/package.json", JSON.stringify({ main: "lib/index.js" }));
  write("tsconfig.json", JSON.stringify({ compilerOptions: { module: "CommonJS" } }));
  const roots = ["stacks", "policies", "handlers", "web", "packages", "harness", "cli", "bench"];
  const cruiser = resolve(__dirname, "../node_modules/.bin/depcruise");
  const { stdout, stderr } = spawnSync(
    cruiser,
    ["--config", CONFIGURATION, "--output-type", "json", ...roots],
    { cwd: folder, encoding: "utf8", maxBuffer: 1 << 26 },
  );
  if (stdout === "") throw new Error(stderr);
  violations = (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
});

afterAll(() => rmSync(folder, { recursive: true }));

test("every rule about imports has a planted violation", () => {
  expect(Object.keys(PLANTED).sort()).toEqual(forbidden.map(({ name }) => name).sort());
});

test.each(Object.entries(PLANTED))("%s is broken by %s", (rule, [file]) => {
  expect(violations.filter(({ from }) => from === file).map(({ rule: { name } }) => name)).toContain(rule);
});

test("a command that may use the embedded AWS breaks no rule", () => {
  expect(violations.filter(({ from }) => from === "cli/start/main.ts")).toEqual([]);
});
