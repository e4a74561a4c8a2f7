import { diagram } from "../../../cli/docs/diagram/diagram";
import { arrowsOf } from "../../../cli/docs/diagram/arrows";
import { badgesOf } from "../../../cli/docs/diagram/badges";
import { layoutOf, type Rectangle } from "../../../cli/docs/diagram/layout";
import { partsOf } from "../../../cli/docs/diagram/parts";
import { Stack } from "../../../packages/terraform/synthesized-stack";
import { synthEnvironment } from "../../support/synth";

const prod = new Stack("streamflow-prod", synthEnvironment("prod").json);

/** The stack without one type of resource. */
const without = (type: string): Stack => {
  const { resource = {}, ...rest } = synthEnvironment("prod").json as { resource?: Record<string, unknown> };
  const { [type]: gone, ...others } = resource;
  expect(gone).toBeDefined();
  return new Stack(prod.name, { ...rest, resource: others });
};

const arrows = (stack: Stack): string[] =>
  arrowsOf(stack, partsOf(stack)).map(({ from, to, label }) => `${from} → ${to}: ${label}`);

describe("the arrows", () => {
  test.each([
    "viewer → aws_cloudfront_distribution.edge: HTTPS",
    "viewer → aws_s3_bucket.storage_uploads: presigned PUT",
    "aws_cloudfront_distribution.edge → aws_amplify_app.app: /embed/*, everything else",
    "aws_cloudfront_distribution.edge → aws_s3_bucket.storage_streams: /stream/* signed",
    "aws_cloudfront_distribution.edge → aws_api_gateway_rest_api.api: /api/*/playback, /api/*, /v/*",
    "aws_lambda_function.synthetic_check_function → aws_cloudfront_distribution.edge: HTTPS",
    "aws_lambda_function.synthetic_check_function → aws_cognito_user_pool.synthetic_check_users: signs in",
    "aws_api_gateway_rest_api.api → aws_lambda_function.media: invokes",
    "aws_s3_bucket.storage_uploads → aws_sqs_queue.media_queue: ObjectCreated:*",
    "aws_ecs_service.processor → aws_sqs_queue.media_queue: receives, sends",
    "aws_sqs_queue.media_queue → aws_sqs_queue.media_queue_dead_letters: after 5 receives",
    "aws_lambda_function.media → aws_db_instance.database: SQL",
    "aws_ecs_service.processor → aws_s3_bucket.storage_streams: writes, deletes",
  ])("are as synthesized: %s", (arrow) => {
    expect(arrows(prod)).toContain(arrow);
  });

  test.each([
    ["aws_s3_bucket_notification", "ObjectCreated:*"],
    ["aws_api_gateway_integration", "invokes"],
    ["aws_vpc_security_group_ingress_rule", "SQL"],
    ["aws_iam_role_policy", "receives, sends"],
    ["aws_s3_bucket_cors_configuration", "presigned PUT"],
  ])("are removed with the %s that they come from", (type, label) => {
    const drawn = (stack: Stack) => arrows(stack).filter((arrow) => arrow.endsWith(`: ${label}`)).length;
    expect(drawn(prod)).toBeGreaterThan(0);
    expect(drawn(without(type))).toBe(0);
  });
});

test("boxes have the marks of what serves them", () => {
  const marks = (stack: Stack, id: string) =>
    badgesOf(stack, partsOf(stack))
      .get(id)
      ?.map(({ service }) => service);
  expect(marks(prod, "aws_lb.balancer")).toEqual(["waf", "alarms"]);
  expect(marks(prod, "aws_db_instance.database")).toEqual(["backup", "alarms"]);
  expect(marks(without("aws_wafv2_web_acl_association"), "aws_lb.balancer")).toEqual(["alarms"]);
  expect(marks(without("aws_backup_selection"), "aws_db_instance.database")).toEqual(["alarms"]);
});

describe("the layout", () => {
  const parts = partsOf(prod);
  const laid = layoutOf(parts, arrowsOf(prod, parts));
  const apart = (one: Rectangle, other: Rectangle): boolean =>
    one.x + one.width <= other.x ||
    other.x + other.width <= one.x ||
    one.y + one.height <= other.y ||
    other.y + other.height <= one.y;

  test("lays no box and no label over another", async () => {
    const { boxes, lines } = await laid;
    const all = [...boxes.values(), ...lines.map(({ label }) => label)];
    expect(all).toHaveLength(parts.length + arrowsOf(prod, parts).length);
    const over = all.flatMap((one, index) => all.slice(index + 1).filter((other) => !apart(one, other)));
    expect(over).toEqual([]);
  });

  test("leads no line through a box, and every line from a box to a box", async () => {
    const { boxes, lines } = await laid;
    for (const { arrow, points } of lines) {
      const [first, last] = [points[0], points.at(-1)];
      const [from, to] = [boxes.get(arrow.from), boxes.get(arrow.to)];
      expect(
        [first?.y, last?.y].every((y) => [from, to].some((box) => y === box?.y || y === (box?.y ?? 0) + 64)),
      ).toBe(true);
      points.slice(1).forEach((point, index) => {
        const before = points[index] ?? point;
        const line = {
          x: Math.min(point.x, before.x),
          y: Math.min(point.y, before.y),
          width: Math.abs(point.x - before.x),
          height: Math.abs(point.y - before.y),
        };
        const crossed = [...boxes].filter(([, box]) => !apart(line, box)).map(([id]) => id);
        expect(crossed).toEqual([]);
      });
    }
  });

  test("draws only resources of the VPC in its frame", async () => {
    const { boxes, vpc } = await laid;
    expect(vpc).toBeDefined();
    for (const { id, inVpc } of parts) {
      const box = boxes.get(id);
      expect([id, vpc && box ? !apart(box, vpc) : undefined]).toEqual([id, inVpc]);
    }
  });
});

test("the diagram is reproducible, follows light and dark mode, and has a text description", async () => {
  const [one, other] = [await diagram(prod), await diagram(prod)];
  expect(one.picture).toBe(other.picture);
  expect(one.picture).toContain("@media(prefers-color-scheme:dark)");
  expect(one.picture).toMatch(
    /<desc id="description">.*CloudFront to API Gateway: \/api\/\*\/playback, \/api\/\*, \/v\/\*\./,
  );
  expect(one.words).toContain("| SQS media queue | SQS dead letters | after 5 receives |");
});

test("a stack without a network, a firewall or backups is drawn too", async () => {
  const buckets = Object.fromEntries(prod.of("aws_s3_bucket").map(({ name, raw }) => [name, raw]));
  const small = new Stack("small", { resource: { aws_s3_bucket: buckets } });
  expect((await diagram(small)).picture).toContain("S3 uploads");
});
