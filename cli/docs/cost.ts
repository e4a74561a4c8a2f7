import type { Item } from "@packages/plan-review/cost";
import { Value } from "@packages/terraform/value";
import { ASSUMED } from "./load";
import { HOURS_PER_MONTH, PRICES, USAGE_PRICES } from "./prices";
import type { Attributes, Stack } from "@packages/terraform/synthesized-stack";
import { FIRST_TASK, taskOf } from "./task";

export type { Item };

/** Number of alarm metrics of an account that cost nothing. */
const FREE_ALARM_METRICS = 10;

/** Items of the same kind are one, with their number where it is more than one. */
export function idleCost(stack: Stack): Item[] {
  const items = new Map<string, { dollars: number; units: number; notPriced: boolean }>();
  for (const { what, dollars, units = 1, notPriced } of idleItems(stack)) {
    const known = items.get(what) ?? { dollars: 0, units: 0, notPriced: false };
    items.set(what, {
      dollars: known.dollars + dollars,
      units: known.units + units,
      notPriced: known.notPriced || notPriced === true,
    });
  }
  return [...items]
    .filter(([, { dollars, notPriced }]) => dollars > 0 || notPriced)
    .map(([what, { dollars, units, notPriced }]) => {
      const name = COUNTED.has(what) && units > 1 ? `${units} ${what}` : what;
      return notPriced ? { what: name, dollars, notPriced } : { what: name, dollars };
    });
}

/** Kinds of items that are shown with their number. */
const COUNTED = new Set([
  "NAT gateways with public addresses",
  "load balancer with a public address per zone",
  "interface endpoints",
  "public addresses of its tasks",
]);

/** An item of one resource; `units` is how many of its kind it has. */
export interface ResourceItem extends Item {
  readonly units?: number;
}

/**
 * Monthly cost of each resource in US dollars without any use, by the name of the resource in its stack. Sizes without a known
 * price are items with `notPriced`.
 */
export function idleItems(stack: Stack): ResourceItem[] {
  const zones = new Set(stack.attributesOf("aws_subnet").map(([, subnet]) => subnet.availability_zone)).size;
  const each = (type: string, items: (attributes: Attributes) => ResourceItem[]): ResourceItem[] =>
    stack
      .attributesOf(type)
      .flatMap(([address, attributes]) => items(attributes).map((one) => ({ ...one, address })));
  const fixed = (what: string, dollars: number) => (): ResourceItem[] => [{ what, dollars }];
  const invalidates = stack
    .attributesOf("aws_lambda_function")
    .some(([address]) => address.endsWith("invalidations_function"));
  return [
    ...each("aws_nat_gateway", () => [
      item("NAT gateways with public addresses", 1, PRICES.natGatewayHour + PRICES.publicAddressHour),
    ]),
    ...each("aws_lb", () => [
      item(
        "load balancer with a public address per zone",
        1,
        PRICES.loadBalancerHour + zones * PRICES.publicAddressHour,
      ),
    ]),
    ...each("aws_vpc_endpoint", ({ subnet_ids: subnets }) => [
      item(
        "interface endpoints",
        (subnets as unknown[] | undefined | null)?.length ?? 0,
        PRICES.interfaceEndpointHour,
      ),
    ]),
    ...each("aws_db_instance", database),
    ...each("aws_elasticache_replication_group", (group) => [cache(group)]),
    ...processor(stack),
    ...each("aws_wafv2_web_acl", (acl) => [
      {
        what: "web ACLs",
        dollars: PRICES.webAcl + new Value(acl).at("rule").list.length * PRICES.webAclRule,
      },
    ]),
    ...alarms(stack),
    ...each("aws_secretsmanager_secret", fixed("secrets", PRICES.secret)),
    ...each("aws_db_instance", fixed("secrets", PRICES.secret)),
    ...each("aws_kms_key", fixed("customer managed keys", PRICES.key)),
    // The foundation creates those that a stack finds by their alias.
    ...stack.json
      .at("data.aws_kms_alias")
      .keys.map(() => ({ what: "customer managed keys", dollars: PRICES.key })),
    ...each("aws_scheduler_schedule", (schedule) => [
      ...check(schedule),
      ...(invalidates ? invalidationsOfChecks(schedule) : []),
    ]).filter(({ address }) => address?.endsWith(CHECK)),
    ...each("aws_grafana_workspace", fixed("Managed Grafana, one editor", PRICES.grafanaEditor)),
  ];
}

/** Types of resources that have a price of their own; others cost nothing without use, or their price is not known. */
export const PRICED_TYPES: readonly string[] = [
  "aws_nat_gateway",
  "aws_lb",
  "aws_vpc_endpoint",
  "aws_db_instance",
  "aws_elasticache_replication_group",
  "aws_ecs_service",
  "aws_wafv2_web_acl",
  "aws_cloudwatch_metric_alarm",
  "aws_cloudwatch_composite_alarm",
  "aws_secretsmanager_secret",
  "aws_kms_key",
  "aws_scheduler_schedule",
  "aws_grafana_workspace",
];

/** Name of the synthetic check's schedule in Terraform. */
const CHECK = "synthetic_check_schedule";
/** Metrics that a synthetic check emits. */
const CHECK_METRICS = 2;

/** Paths of invalidations in a month that are free. */
const FREE_INVALIDATIONS = 1_000;

/** A month of synthetic checks, beyond the free use of the account; their alarm is among the alarms. */
function check(schedule: Attributes): ResourceItem[] {
  const metrics = {
    what: `${CHECK_METRICS} metrics of the synthetic check`,
    dollars: CHECK_METRICS * PRICES.customMetric,
  };
  const checks = checksOfMonth(schedule);
  if (checks === undefined) return [{ what: "synthetic checks", dollars: 0, notPriced: true }, metrics];
  const { seconds, memoryMiB, apiCalls, edgeRequests, writes, webAcls } = ASSUMED.check;
  const price = (name: keyof typeof USAGE_PRICES): number =>
    USAGE_PRICES[name].map(([, dollars]) => dollars).find((dollars) => dollars > 0) ?? NaN;
  const dollars =
    price("functionRequest") * (1 + apiCalls) +
    price("functionArm") * ((seconds * memoryMiB) / 1_024 + ASSUMED.call * apiCalls) +
    price("apiRequest") * apiCalls +
    (price("edgeRequest") + webAcls * price("webAclRequest")) * edgeRequests +
    price("write") * writes;
  return [{ what: `${Math.round(checks)} synthetic checks`, dollars: checks * dollars }, metrics];
}

/** Each check deletes a video. */
function invalidationsOfChecks(schedule: Attributes): ResourceItem[] {
  const deleted = Math.max(0, (checksOfMonth(schedule) ?? 0) - FREE_INVALIDATIONS);
  return [{ what: "invalidations of their videos", dollars: deleted * PRICES.invalidation }];
}

function checksOfMonth({ schedule_expression: rate }: Attributes): number | undefined {
  const minutes = numberOf(/^rate\((\d+) minutes?\)$/.exec(String(rate))?.[1]);
  return minutes === undefined ? undefined : (HOURS_PER_MONTH * 60) / minutes;
}

/** The free metrics belong to no alarm: each alarm has its full price. */
function alarms(stack: Stack): ResourceItem[] {
  const what = "alarms beyond the ten free metrics";
  const metrics = stack
    .attributesOf("aws_cloudwatch_metric_alarm")
    .map(([address, alarm]) => ({ address, many: metricsOf(alarm) }));
  const free = Math.min(
    FREE_ALARM_METRICS,
    metrics.reduce((sum, { many }) => sum + many, 0),
  );
  const composite = stack.attributesOf("aws_cloudwatch_composite_alarm");
  return [
    ...metrics.map(({ address, many }) => ({ what, dollars: many * PRICES.alarm, address })),
    ...composite.map(([address]) => ({ what, dollars: PRICES.compositeAlarm, address })),
    ...(free > 0 ? [{ what, dollars: -free * PRICES.alarm }] : []),
  ];
}

/** The first design exactly as drawn: two NAT gateways, ALB, RDS, cache, one Fargate task, a web ACL with one rule. */
export function firstDesign(): Item[] {
  return [
    item("2 NAT gateways with public addresses", 2, PRICES.natGatewayHour + PRICES.publicAddressHour),
    item(
      "load balancer with a public address per zone",
      1,
      PRICES.loadBalancerHour + 2 * PRICES.publicAddressHour,
    ),
    // 100 GiB is the default of AWS CDK.
    ...database({ instance_class: "db.t3.micro", allocated_storage: 100, multi_az: false }),
    item("cache, 1 of cache.t3.micro", 1, PRICES.cacheHour["cache.t3.micro"]),
    item("processor, 1 task of 0.25 vCPU and 0.5 GB", 1, FIRST_TASK.hour),
    { what: "web ACLs", dollars: PRICES.webAcl + PRICES.webAclRule },
    { what: "secrets", dollars: PRICES.secret },
  ];
}

export const total = (items: readonly Item[]): number => items.reduce((sum, { dollars }) => sum + dollars, 0);

/** Markdown table of cost items with their total. */
export function costTable(title: string, items: readonly Item[]): string {
  const rows = items.map(
    ({ what, dollars, notPriced }) => `| ${what} | ${notPriced ? "not priced" : dollars.toFixed(2)} |`,
  );
  const sum = items.some(({ notPriced }) => notPriced) ? "total of priced items" : "total";
  return [
    `## ${title}`,
    "",
    "| item | $ per month |",
    "|---|---:|",
    ...rows,
    `| **${sum}** | **${total(items).toFixed(2)}** |`,
    "",
  ].join("\n");
}

function item(what: string, units: number, hour: number | undefined): ResourceItem {
  return hour === undefined
    ? { what, dollars: 0, units, notPriced: true }
    : { what, dollars: units * hour * HOURS_PER_MONTH, units };
}

function database({
  instance_class: type,
  allocated_storage: storage,
  multi_az: standby,
}: Attributes): ResourceItem[] {
  const copies = standby === true ? 2 : 1;
  const size = sizeOf(type);
  const of = `${size}${copies > 1 ? " with a standby" : ""}`;
  const gib = numberOf(storage);
  return [
    item(`database, ${of}`, 1, times(copies, PRICES.databaseHour[size])),
    gib === undefined
      ? { what: "its storage, size known only after apply", dollars: 0, notPriced: true }
      : { what: `its storage, ${gib} GiB`, dollars: copies * gib * PRICES.databaseStorage },
  ];
}

function cache({ node_type: type, num_cache_clusters: clusters, engine }: Attributes): ResourceItem {
  const share = engine === "valkey" ? PRICES.valkeyShare : 1;
  const size = sizeOf(type);
  const nodes = numberOf(clusters);
  const hour = nodes === undefined ? undefined : times(nodes * share, PRICES.cacheHour[size]);
  return item(`cache, ${nodes ?? "number of nodes known only after apply:"} of ${size}`, 1, hour);
}

function sizeOf(type: unknown): string {
  return typeof type === "string" ? type : "size known only after apply";
}

/** Undefined if the plan has null, no value or a masked value. */
function numberOf(value: unknown): number | undefined {
  const number = Number(value ?? NaN);
  return Number.isFinite(number) ? number : undefined;
}

function processor(stack: Stack): ResourceItem[] {
  const task = taskOf(stack);
  if (task === undefined) return [];
  const { minimum: tasks, cpu, spot, hour, open } = task;
  const [[address] = [""]] = stack.attributesOf("aws_ecs_service");
  return [
    item(`processor, ${tasks} of ${cpu} CPU units${spot ? " on spot" : ""}`, 1, tasks * hour),
    item("public addresses of its tasks", open ? tasks : 0, PRICES.publicAddressHour),
  ].map((one) => ({ ...one, address }));
}

/** Billed metrics of an alarm; with metric math, each source metric counts. */
function metricsOf(alarm: Attributes): number {
  const queries = new Value(alarm).at("metric_query").list;
  return Math.max(1, queries.filter((query) => query.at("metric").exists).length);
}

function times(factor: number, price: number | undefined): number | undefined {
  return price === undefined ? undefined : factor * price;
}
