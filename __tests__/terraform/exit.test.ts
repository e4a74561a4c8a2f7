import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { compareSynthesized, synthesizeUnder, typeFaults } from "../../cli/exits/gates";
import { fileOf } from "../../cli/exits/packages";

const folder = mkdtempSync(join(tmpdir(), "streamflow-exit-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("the stacks fit the types of the AWS provider's version 6", async () => {
  expect(await typeFaults("provider-6")).toEqual([]);
});

test("fails on an attribute that version 6 removed", async () => {
  const project = resolve(__dirname, "../..");
  const source = join(folder, "planted.ts");
  writeFileSync(
    source,
    `import { Eip } from "@cdktf/provider-aws/lib/eip";
     export const make = (scope: import("constructs").Construct) => new Eip(scope, "eip", { vpc: true });`,
  );
  const tsconfig = join(folder, "tsconfig.json");
  const { compilerOptions } = JSON.parse(readFileSync(fileOf("provider-6", "tsconfig.json"), "utf8")) as {
    compilerOptions: { paths: Record<string, string[]> };
  };
  const packages = join(project, ".local");
  const paths = Object.fromEntries(
    Object.entries(compilerOptions.paths).map(([name, found]) => [
      name,
      found.map((path) => path.replace("../../../.local", packages)),
    ]),
  );
  writeFileSync(
    tsconfig,
    JSON.stringify({
      extends: join(project, "tsconfig.json"),
      compilerOptions: { paths, types: [] },
      include: [source],
    }),
  );
  expect((await typeFaults("provider-6", tsconfig)).join("\n")).toMatch(/planted\.ts.*'vpc' does not exist/);
});

test("cdktn synthesizes the same Terraform as cdktf, for every stack", async () => {
  const [cdktf, cdktn] = [join(folder, "cdktf"), join(folder, "cdktn")];
  await synthesizeUnder(cdktf);
  await synthesizeUnder(cdktn, "cdktn");
  const { stacks, different, versions } = compareSynthesized(cdktf, cdktn);
  expect(stacks.length).toBeGreaterThan(2);
  expect(different).toEqual([]);
  expect(versions[0]).not.toBe(versions[1]);

  const file = join(cdktn, "stacks", stacks[0] ?? "", "cdk.tf.json");
  writeFileSync(file, readFileSync(file, "utf8").replace("us-east-1", "us-east-2"));
  expect(compareSynthesized(cdktf, cdktn).different).toEqual([stacks[0]]);
});
