import { accessTables } from "../../../cli/docs/access";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import { synthEnvironment } from "../../support/synth";

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });

const QUEUE_ARN = "arn:aws:sqs:us-east-1:111122223333:orders";

const planted = new Stack("planted", {
  resource: {
    aws_iam_role: {
      painter: {
        assume_role_policy: policy(
          { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
          { Effect: "Allow", Principal: { AWS: "444455556666" }, Action: "sts:AssumeRole" },
        ),
      },
      administrator: {},
    },
    aws_iam_role_policy: {
      painter: {
        role: "${aws_iam_role.painter.name}",
        policy: policy(
          {
            Effect: "Allow",
            Action: "sqs:SendMessage",
            Resource: [QUEUE_ARN, "arn:aws:sqs:us-east-1:111122223333:other"],
          },
          { Effect: "Allow", Action: "kms:Decrypt", Resource: "${aws_kms_key.k.arn}" },
          { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::orders/paid/*" },
          { Effect: "Allow", Action: "xray:PutTraceSegments", Resource: "*" },
        ),
      },
      administrator: {
        role: "${aws_iam_role.administrator.name}",
        policy: policy({ Effect: "Allow", Action: "sqs:*", Resource: "*" }),
      },
    },
    aws_sqs_queue: {
      orders: {
        name: "orders",
        policy: policy(
          {
            Effect: "Allow",
            Principal: { Service: "sns.amazonaws.com" },
            Action: "sqs:SendMessage",
            Resource: QUEUE_ARN,
          },
          {
            Effect: "Deny",
            NotPrincipal: { AWS: "111122223333" },
            Action: "sqs:PurgeQueue",
            Resource: QUEUE_ARN,
          },
        ),
      },
      other: { name: "other" },
    },
    aws_s3_bucket: { orders: { bucket: "orders" } },
    aws_s3_bucket_policy: {
      of: {
        bucket: "${aws_s3_bucket.orders.id}",
        policy: policy({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "arn:aws:s3:::orders/*" }),
      },
    },
    aws_kms_key: {
      k: {
        policy: policy({
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::111122223333:root" },
          Action: "kms:*",
          Resource: "*",
        }),
      },
    },
    aws_lambda_function: { paint: { function_name: "paint" } },
    aws_lambda_alias: { live: { name: "live", function_name: "${aws_lambda_function.paint.function_name}" } },
    aws_lambda_permission: {
      bus: {
        action: "lambda:InvokeFunction",
        function_name: "${aws_lambda_function.paint.function_name}",
        qualifier: "${aws_lambda_alias.live.name}",
        principal: "events.amazonaws.com",
        source_arn: "arn:aws:events:us-east-1:111122223333:rule/r",
      },
    },
  },
});

/** Rows of the table below a heading. */
function rowsBelow(document: string, heading: string): string[] {
  const [, section = ""] = document.split(`\n#### ${heading}\n`);
  return (section.split(/\n#+ /)[0] ?? "").split("\n").filter((line) => /^\| (?!principal|--)/.test(line));
}

test("a queue's table has the principals of its policy and the roles with access", () => {
  expect(rowsBelow(accessTables(planted), "aws_sqs_queue.orders")).toEqual([
    `| sns.amazonaws.com | sqs:SendMessage | ${QUEUE_ARN} |  |`,
    `| anyone except 111122223333 | **deny** sqs:PurgeQueue | ${QUEUE_ARN} |  |`,
    `| role painter | sqs:SendMessage | ${QUEUE_ARN} |  |`,
    "| role administrator | sqs:* | * |  |",
  ]);
});

test("a separate policy resource is listed at its bucket", () => {
  expect(rowsBelow(accessTables(planted), "aws_s3_bucket.orders")).toEqual([
    "| anyone | **deny** s3:* | arn:aws:s3:::orders/* |  |",
    "| role painter | s3:GetObject | arn:aws:s3:::orders/paid/* |  |",
  ]);
});

test("keys and function permissions have tables too", () => {
  expect(rowsBelow(accessTables(planted), "aws_kms_key.k")).toEqual([
    "| arn:aws:iam::111122223333:root | kms:* | * |  |",
    "| role painter | kms:Decrypt | aws_kms_key.k |  |",
  ]);
  expect(rowsBelow(accessTables(planted), "aws_lambda_function.paint")).toEqual([
    '| events.amazonaws.com | lambda:InvokeFunction | aws_lambda_alias.live | {"ArnLike":{"aws:SourceArn":"arn:aws:events:us-east-1:111122223333:rule/r"}} |',
  ]);
});

test("a resource without a policy has no table", () => {
  expect(accessTables(planted)).not.toContain("aws_sqs_queue.other");
});

test("all principals that can assume a role are listed", () => {
  expect(accessTables(planted)).toContain("Assumed by lambda.amazonaws.com; 444455556666.");
});

test("only the uploads bucket, the API for another try, and the processors' sweeps may write to the media queue", () => {
  const stack = new Stack("streamflow-dev", synthEnvironment("dev").json);
  const rows = rowsBelow(accessTables(stack), "aws_sqs_queue.media_queue");
  const writers = rows.filter((row) => row.includes("sqs:SendMessage"));
  expect(writers).toEqual([
    expect.stringMatching(/^\| s3\.amazonaws\.com \|.*streamflow-dev-uploads-/),
    expect.stringMatching(/^\| role media_role \|/),
    expect.stringMatching(/^\| role processor_task_role \|/),
  ]);
});
