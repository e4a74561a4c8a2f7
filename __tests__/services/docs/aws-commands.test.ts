import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { motoPython } from "../../../packages/embedded-aws/programs/moto";
import { codeOf, markdownFiles, textOf } from "../../support/markdown";
import { everyCommand } from "../../support/shell";

/** Faults of each command according to botocore, which comes with moto; null if there is none. */
async function faults(commands: readonly (readonly string[])[]): Promise<(string | null)[]> {
  const { python } = await motoPython();
  const script = join(__dirname, "../../support/aws-commands.py");
  const { status, stdout, stderr } = spawnSync(python, [script], {
    input: JSON.stringify(commands),
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as (string | null)[];
}

const commandsOf = (page: string): string[][] =>
  codeOf(page)
    .filter((line) => line.startsWith("aws "))
    .flatMap(everyCommand);

test("every command of the AWS CLI in the runbooks is one that AWS knows", async () => {
  const told = markdownFiles("docs/runbooks").flatMap((file) =>
    commandsOf(textOf(file)).map((words) => ({ file, words })),
  );
  expect(told.length).toBeGreaterThan(80);
  const found = await faults(told.map(({ words }) => words));
  expect(
    told.flatMap(({ file, words }, index) =>
      found[index] ? [`${file}: ${words.join(" ")}: ${found[index]}`] : [],
    ),
  ).toEqual([]);
});

test("wrong ones are found, also within another", async () => {
  const wrong: [line: string, fault: RegExp][] = [
    ["aws sqz list-queues", /no service sqz/],
    ["aws s3 ls", /use s3api/],
    ["aws sqs list-queue", /no operation list-queue/],
    ["aws sqs get-queue-url --queue media", /no --queue, it has queue-name/],
    ["aws sqs get-queue-url", /wants --queue-name/],
    ["aws sqs get-queue-attributes --queue-url X --attribute-names Everything", /must be one of/],
    ["aws rds describe-events --duration soon", /whole number/],
    ["aws ecs update-service --service S --force-new-deployment yes", /takes no value/],
    ['aws rds describe-db-instances --query "DBInstances[0"', /--query/],
    ["aws lambda get-alias --function-name F --name live --max-items 3", /no --max-items/],
    ["aws logs tail --since 10m", /takes 1 words/],
    ["aws logs tail GROUP --from 10m", /no --from/],
    ["aws cloudfront create-invalidation --paths /", /wants --distribution-id/],
  ];
  const found = await faults(wrong.map(([line]) => everyCommand(line)[0] ?? []));
  wrong.forEach(([line, fault], index) =>
    expect([line, found[index]]).toEqual([line, expect.stringMatching(fault)]),
  );

  const nested = everyCommand('aws sqs purge-queue --queue-url "$(aws sqs get-queue-url --queue Q)"');
  expect(await faults(nested)).toEqual([null, expect.stringMatching(/no --queue,/)]);
});
