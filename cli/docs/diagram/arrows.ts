import { Value } from "@packages/terraform/value";
import { statementsOf } from "../role-statements";
import { connectionsOf } from "../reach";
import { type Attributes, referencedName, type Stack } from "@packages/terraform/synthesized-stack";
import { blocks, meant, type Part, VIEWER } from "./parts";

/** One arrow between two boxes. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  /** Drawn dashed: used only after a failure. */
  readonly failure?: true;
}

/**
 * Arrows of a stack, from sender to receiver of requests; for reads, in the direction of the data. Arrows with the same
 * direction are merged.
 */
export function arrowsOf(stack: Stack, parts: readonly Part[]): Arrow[] {
  const all = [
    ...ofEdge(stack, parts),
    ...ofApi(stack, parts),
    ...ofQueues(stack, parts),
    ...ofNetwork(stack, parts),
    ...ofPermissions(stack, parts),
  ].filter(({ from, to }) => from !== to);
  const merged = new Map<string, Arrow>();
  for (const arrow of all) {
    const key = `${arrow.from} ${arrow.to}`;
    const before = merged.get(key);
    const labels = [...new Set([...(before?.label.split(", ") ?? []), ...arrow.label.split(", ")])];
    merged.set(key, { ...arrow, label: labels.join(", ") });
  }
  return [...merged.values()];
}

const between = (from: readonly Part[], to: readonly Part[], label: string): Arrow[] =>
  from.flatMap((one) => to.map((other) => ({ from: one.id, to: other.id, label })));

/** From viewers to the edge and upload buckets, and from the edge to its origins. */
function ofEdge(stack: Stack, parts: readonly Part[]): Arrow[] {
  const distributions = stack.attributesOf("aws_cloudfront_distribution").flatMap(([name, distribution]) => {
    const edge = parts.filter(({ id }) => id === `aws_cloudfront_distribution.${name}`);
    const behaviours = [
      ...blocks(distribution.ordered_cache_behavior),
      ...blocks(distribution.default_cache_behavior),
    ];
    const origins = blocks(distribution.origin).flatMap(({ origin_id: origin, domain_name: domain }) => {
      const paths = behaviours
        .filter(({ target_origin_id: target }) => target === origin)
        .map(({ path_pattern: path = "everything else", trusted_key_groups: keys }) =>
          keys === undefined ? String(path) : `${String(path)} signed`,
        );
      return between(edge, meant(parts, domain), [...new Set(paths)].join(", "));
    });
    return [...between([VIEWER, ...scheduledClients(stack, parts)], edge, "HTTPS"), ...origins];
  });
  const uploads = stack
    .attributesOf("aws_s3_bucket_cors_configuration")
    .filter(([, cors]) => JSON.stringify(cors.cors_rule).includes('"PUT"'))
    .flatMap(([, { bucket }]) => between([VIEWER], meant(parts, bucket), "presigned PUT"));
  return [...distributions, ...uploads];
}

/** Functions that a schedule calls and that know the public URL: they use the product as browsers do. */
function scheduledClients(stack: Stack, parts: readonly Part[]): Part[] {
  const aliases = stack
    .attributesOf("aws_scheduler_schedule")
    .flatMap(([, { target }]) => blocks(target).map(({ arn }) => referencedName(arn) ?? ""));
  const names = aliases.map((alias) =>
    referencedName(stack.attributes("aws_lambda_alias", alias)?.function_name),
  );
  return parts.filter(({ id }) => {
    const [type = "", name = ""] = id.split(".");
    if (type !== "aws_lambda_function" || !names.includes(name)) return false;
    return (JSON.stringify(stack.attributes(type, name)?.environment) ?? "").includes('"PUBLIC_URL"');
  });
}

/** From an API to its functions and its authorizer's user pool. */
function ofApi(stack: Stack, parts: readonly Part[]): Arrow[] {
  const calls = stack
    .attributesOf("aws_api_gateway_integration")
    .flatMap(([, { rest_api_id: api, uri }]) => between(meant(parts, api), meant(parts, uri), "invokes"));
  const users = stack
    .attributesOf("aws_api_gateway_authorizer")
    .flatMap(([, { rest_api_id: api, ...authorizer }]) =>
      between(meant(parts, api), meant(parts, authorizer.provider_arns), "checks tokens"),
    );
  return [...calls, ...users];
}

/** From buckets to the queues they notify, and from queues to their dead-letter queues. */
function ofQueues(stack: Stack, parts: readonly Part[]): Arrow[] {
  const notifications = stack
    .attributesOf("aws_s3_bucket_notification")
    .flatMap(([, { bucket, queue }]) =>
      blocks(queue).flatMap(({ queue_arn: arn, events }) =>
        between(
          meant(parts, bucket),
          meant(parts, arn),
          new Value(events).texts.join(", ").replaceAll("s3:", ""),
        ),
      ),
    );
  const given = stack.attributesOf("aws_sqs_queue").flatMap(([name, { redrive_policy: redrive }]) => {
    const policy = new Value(redrive).json;
    const from = parts.filter(({ id }) => id === `aws_sqs_queue.${name}`);
    const label = `after ${policy.at("maxReceiveCount").text} receives`;
    return between(from, meant(parts, policy.at("deadLetterTargetArn").raw), label).map((arrow): Arrow => ({
      ...arrow,
      failure: true,
    }));
  });
  return [...notifications, ...given];
}

/** Connections that security groups allow between boxes. */
function ofNetwork(stack: Stack, parts: readonly Part[]): Arrow[] {
  const behind = (group: string): Part[] =>
    parts.filter(({ id }) => {
      const [type = "", name = ""] = id.split(".");
      const attributes = JSON.stringify(stack.attributes(type, name) ?? {});
      return attributes.includes(`aws_security_group.${group}_security_group.id`);
    });
  return connectionsOf(stack).flatMap(({ from, to, port }) =>
    between(behind(from), behind(to), PORTS[port] ?? `:${port}`),
  );
}

const PORTS: Readonly<Record<string, string>> = { "5432": "SQL", "6379": "cache", "8080": "/health, events" };

/** Verbs by action prefix; actions that don't touch a box's content are omitted. */
const VERBS: readonly [pattern: RegExp, verb: string][] = [
  [/^s3:Put|^s3:Replicate/, "writes"],
  [/^s3:Delete/, "deletes"],
  [/^s3:Get/, "reads"],
  [/^sqs:Receive/, "receives"],
  [/^sqs:Send/, "sends"],
  [/^cognito-idp:AdminInitiateAuth/, "signs in"],
  [/^cloudfront:CreateInvalidation/, "invalidates"],
];

/** Access of a box's role to other boxes. */
function ofPermissions(stack: Stack, parts: readonly Part[]): Arrow[] {
  return actors(stack, parts).flatMap(([actor, role]) =>
    parts
      .filter(({ id }) => /^aws_(s3_bucket|sqs_queue|cognito_user_pool|cloudfront_distribution)\./.test(id))
      .flatMap((target): Arrow[] => {
        const actions = statementsOf(stack, role)
          .filter(({ effect, resources }) => effect === "Allow" && meant([target], resources).length > 0)
          .flatMap((statement) => statement.actions);
        const verbs = VERBS.filter(([pattern]) => actions.some((action) => pattern.test(action))).map(
          ([, verb]) => verb,
        );
        if (verbs.length === 0) return [];
        const taken = verbs.every((verb) => verb === "reads" || verb === "receives");
        return taken
          ? between([target], [actor], verbs.join(", "))
          : between([actor], [target], verbs.join(", "));
      }),
  );
}

/** Boxes that have a role, and its name. */
function actors(stack: Stack, parts: readonly Part[]): [actor: Part, role: string][] {
  const role = (attributes: Attributes | undefined, field: string): string =>
    referencedName(attributes?.[field]) ?? "";
  return parts.flatMap((part): [Part, string][] => {
    const [type = "", name = ""] = part.id.split(".");
    const attributes = stack.attributes(type, name);
    if (type === "aws_lambda_function") return [[part, role(attributes, "role")]];
    if (type !== "aws_ecs_service") return [];
    const task = stack.attributes("aws_ecs_task_definition", role(attributes, "task_definition"));
    return [[part, role(task, "task_role_arn")]];
  });
}
