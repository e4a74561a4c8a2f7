import { X509Certificate } from "node:crypto";
import { imageContext, imageTag } from "../../../../stacks/constructs/compute/processor-image";
import { REGIONS } from "../../../../stacks/lib/aws-regions";
import { decoded, synthEnvironment } from "../../../support/synth";

const context = imageContext();

test("the tag of the image is the same on every machine for the same content", () => {
  expect(imageTag(context)).toMatch(/^[0-9a-f]{16}$/);
  expect(imageTag(imageContext())).toBe(imageTag(context));
});

test.each(Object.keys(context))("the tag changes with %s", (name) => {
  const changed = { ...context, [name]: `${String(context[name])} ` };
  expect(imageTag(changed)).not.toBe(imageTag(context));
});

test("the tag changes when a byte moves from one file to the next", () => {
  const [one, other] = [
    { a: "xy", b: "z" },
    { a: "x", b: "yz" },
  ];
  expect(imageTag(one)).not.toBe(imageTag(other));
});

test("every file of the context is copied by the Dockerfile, and no other", () => {
  const copied = [...String(context.Dockerfile).matchAll(/^(?:COPY|ADD) (?!--from)(\S+) /gm)].map(
    ([, name]) => name,
  );
  expect(copied.sort()).toEqual(
    Object.keys(context)
      .filter((name) => name !== "Dockerfile")
      .sort(),
  );
});

test("the task definition has the tag, and it is the only thing in the stack that the tag changes", () => {
  const synthesized = synthEnvironment("dev");
  const containers = synthesized.at("aws_ecs_task_definition.processor_task").container_definitions as string;
  const using = [...synthesized.resources].filter(([, one]) =>
    JSON.stringify(one).includes(`:${imageTag()}`),
  );
  expect(JSON.stringify(decoded(containers))).toContain(`-processor-task-images:${imageTag()}`);
  expect(using.map(([address]) => address)).toEqual(["aws_ecs_task_definition.processor_task"]);
});

test("the image trusts RDS in every region that the settings allow, and nothing that has expired", () => {
  const authorities = String(context["rds.pem"])
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .filter((pem) => pem.includes("BEGIN"))
    .map((pem) => new X509Certificate(pem));
  for (const region of REGIONS) {
    const own = authorities.filter(({ subject }) => subject.includes(`CN=Amazon RDS ${region} Root CA`));
    expect([region, own.length]).toEqual([region, 3]);
  }
  expect(authorities).toHaveLength(3 * REGIONS.length);
  expect(authorities.filter(({ validTo }) => Date.parse(validTo) < Date.now())).toEqual([]);
});
