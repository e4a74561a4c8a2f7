import { render } from "../../../cli/hcl/render";
import type { Shapes } from "../../../cli/lib/provider-schemas";

const shapes: Shapes = {
  provider: { default_tags: {} },
  resources: { aws_thing: { rule: { filter: {} } } },
  dataSources: { aws_thing: { filter: {} } },
  readOnly: {},
};

const metadata = { "//": { metadata: { path: "streamflow-test/media/thing" } } };

test("distinguishes blocks from attributes by the provider's schema", () => {
  const thing = {
    ...metadata,
    tags: { a: "b" },
    rule: [{ id: "one", filter: { prefix: "x" } }, { id: "two" }],
  };
  const files = render({ resource: { aws_thing: { media: thing } } }, shapes);
  expect(files.get("media.tf")).toBe(
    [
      "# streamflow-test/media/thing",
      'resource "aws_thing" "media" {',
      'tags = {\na = "b"\n}',
      'rule {\nid = "one"\nfilter {\nprefix = "x"\n}\n}',
      'rule {\nid = "two"\n}',
      "}\n\n",
    ].join("\n"),
  );
});

test("writes references without quotes where Terraform requires references", () => {
  const thing = {
    ...metadata,
    provider: "aws.us_east_1",
    depends_on: ["aws_thing.other"],
    type: "depends_on",
    lifecycle: { ignore_changes: ["tags"], prevent_destroy: true },
  };
  const text = render({ resource: { aws_thing: { media: thing } } }, shapes).get("media.tf");
  expect(text).toContain("provider = aws.us_east_1\n");
  expect(text).toContain("depends_on = [aws_thing.other]\n");
  expect(text).toContain('type = "depends_on"\n');
  expect(text).toContain("lifecycle {\nignore_changes = [tags]\nprevent_destroy = true\n}");
});

test("leaves out what is null", () => {
  expect(
    render({ resource: { aws_thing: { a: { ...metadata, name: null } } } }, shapes).get("media.tf"),
  ).not.toContain("name");
});

test("writes backends, variables, moves and outputs each to their file", () => {
  const files = render(
    {
      terraform: { required_version: ">= 1.11", backend: { s3: { bucket: "b" } } },
      variable: { token: { type: "string", sensitive: true } },
      moved: [{ from: "aws_thing.a", to: "aws_thing.b" }],
      output: { url: { value: "${aws_thing.a.url}" } },
    },
    shapes,
  );
  expect(files.get("terraform.tf")).toContain('backend "s3" {\nbucket = "b"\n}');
  expect(files.get("variables.tf")).toContain("type = string\n");
  expect(files.get("moved.tf")).toContain("from = aws_thing.a\nto = aws_thing.b\n");
  expect(files.get("outputs.tf")).toContain("value = aws_thing.a.url\n");
});

test("writes data sources beside the resources of their construct, with blocks of their own", () => {
  const found = { ...metadata, provider: "aws.us_east_1", filter: [{ name: "x" }] };
  const thing = { ...metadata, key: "${data.aws_thing.key.arn}" };
  const configuration = { data: { aws_thing: { key: found } }, resource: { aws_thing: { media: thing } } };
  expect(render(configuration, shapes).get("media.tf")).toBe(
    [
      "# streamflow-test/media/thing",
      'data "aws_thing" "key" {',
      "provider = aws.us_east_1",
      'filter {\nname = "x"\n}',
      "}\n",
      "# streamflow-test/media/thing",
      'resource "aws_thing" "media" {',
      "key = data.aws_thing.key.arn",
      "}\n\n",
    ].join("\n"),
  );
});

test("fails on a type that the provider lacks, naming it", () => {
  expect(() => render({ resource: { aws_nothing: { a: {} } } }, shapes)).toThrow(
    "the AWS provider has no resource type aws_nothing",
  );
  expect(() => render({ data: { aws_nothing: { a: {} } } }, shapes)).toThrow(
    "the AWS provider has no data type aws_nothing",
  );
});

test.each<[string, object]>([
  ["module", { module: { m: { source: "./m" } } }],
  ["import", { import: [{ to: "aws_thing.a", id: "1" }] }],
  ["check", { check: { c: {} } }],
  ["a_block_of_a_later_version", { a_block_of_a_later_version: {} }],
  ["provider_meta", { terraform: { provider_meta: { aws: {} } } }],
  ["provisioner", { resource: { aws_thing: { a: { provisioner: [{ "local-exec": { command: "x" } }] } } } }],
  ["connection", { resource: { aws_thing: { a: { connection: { host: "x" } } } } }],
  ["dynamic", { resource: { aws_thing: { a: { dynamic: { rule: { for_each: [], content: {} } } } } } }],
  ["dynamic", { resource: { aws_thing: { a: { rule: [{ dynamic: { filter: {} } }] } } } }],
])("refuses the block %s by its name", (name, configuration) => {
  expect(() => render(configuration, shapes)).toThrow(
    new RegExp(`^synth:hcl can't render the block ${name} of `),
  );
});

test("renders locals, conditions of outputs, and an attribute named like a block elsewhere", () => {
  const files = render(
    {
      locals: { size: 2 },
      output: { o: { value: "x", precondition: [{ condition: "${true}", error_message: "no" }] } },
      resource: { aws_thing: { a: { ...metadata, module: "m" } } },
    },
    shapes,
  );
  expect(files.get("locals.tf")).toBe("locals {\nsize = 2\n}\n\n");
  expect(files.get("outputs.tf")).toContain('precondition {\ncondition = true\nerror_message = "no"\n}');
  expect(files.get("media.tf")).toContain('module = "m"');
});
