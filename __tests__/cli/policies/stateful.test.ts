import { environments } from "../../../stacks/environments";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import { report } from "../../../cli/policies/report";
import { compare, manifestOf } from "../../../cli/policies/stateful";
import { readJson, synthEnvironment, synthFoundation } from "../../support/synth";

const bucket = (name: string, moved?: object) =>
  new Stack("app", {
    resource: {
      aws_s3_bucket: { [name]: { "//": { metadata: { path: `app/${name}/Default` } } } },
      aws_sns_topic: { topic: {} },
    },
    ...(moved === undefined ? {} : { moved: [moved] }),
  });
const listed = { app: ["aws_s3_bucket.uploads"] };

test("the manifest lists what holds data in every committed stack", () => {
  const stacks = environments.flatMap(({ name, account }) => [
    new Stack(`streamflow-${name}`, synthEnvironment(name).json),
    new Stack(`streamflow-foundation-${account}`, synthFoundation(name).json),
  ]);
  const manifest = readJson("docs/stateful-addresses.json") as Record<string, string[]>;
  expect(compare(manifest, stacks)).toEqual([]);
  expect(manifestOf(stacks)).toEqual(manifest);
});

test("foundations are listed together, whatever their accounts are", () => {
  const of = (account: string, name: string) =>
    new Stack(`streamflow-foundation-${account}`, { resource: { aws_s3_bucket: { [name]: {} } } });
  const manifest = { "streamflow-foundation": ["aws_s3_bucket.state"] };
  const [one, other] = [of("111111111111", "state"), of("222222222222", "state")];
  expect(manifestOf([one, other])).toEqual(manifest);
  expect(compare(manifest, [one, other])).toEqual([]);
  expect(compare(manifest, [one, of("222222222222", "states")])).toMatchObject([
    { stack: "streamflow-foundation-222222222222", address: "aws_s3_bucket.state" },
    { stack: "streamflow-foundation-222222222222", address: "aws_s3_bucket.states" },
  ]);
});

test("lists what holds data alone, sorted", () => {
  expect(manifestOf([bucket("uploads")])).toEqual(listed);
  expect(compare(listed, [bucket("uploads")])).toEqual([]);
});

test("fails when an address is gone, with the line that moves it", () => {
  const [gone, ...others] = compare(listed, [bucket("ingest")]);
  expect(gone).toMatchObject({ address: "aws_s3_bucket.uploads", path: "app/ingest/Default" });
  expect(gone?.remedy).toContain('resource.moveFromId("aws_s3_bucket.uploads");');
  expect(gone?.remedy).toContain("npm run policies -- --accept");
  expect(others).toHaveLength(1);
});

test("lets an address go that a moved block takes up", () => {
  const stack = bucket("ingest", { from: "aws_s3_bucket.uploads", to: "aws_s3_bucket.ingest" });
  expect(compare(listed, [stack]).map(({ address }) => address)).toEqual(["aws_s3_bucket.ingest"]);
  expect(compare({ app: [...listed.app, "aws_s3_bucket.ingest"] }, [stack])).toEqual([]);
});

test("fails when a new address is not listed, with the command that lists it", () => {
  expect(compare({ app: [] }, [bucket("uploads")])).toMatchObject([
    { address: "aws_s3_bucket.uploads", remedy: "list it: npm run policies -- --accept" },
  ]);
});

test("fails when a whole stack is gone", () => {
  expect(compare(listed, [])).toMatchObject([{ stack: "app", address: "aws_s3_bucket.uploads" }]);
});

test("a report says stack, address, what, where and how to mend", () => {
  const lines = report(compare(listed, [bucket("ingest")]));
  expect(lines[0]).toBe("app");
  expect(lines).toContain("    construct  app/ingest/Default");
  expect(lines.join("\n")).toContain('\n                 resource.moveFromId("aws_s3_bucket.uploads");\n');
});
