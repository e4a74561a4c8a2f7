import type { Item } from "@packages/plan-review/cost";
import { Value } from "@packages/terraform/value";
import { HOURS_PER_MONTH, PRICES } from "./prices";
import type { Attributes, Stack } from "@packages/terraform/synthesized-stack";
import { FIRST_TASK, taskOf } from "./task";

export type { Item };

/** Monthly cost in US dollars without any use. Sizes without a known price are items with `notPriced`. */
export function idleCost(stack: Stack): Item[] {
  const count = (type: string): number => stack.attributesOf(type).length;
  const zones = new Set(stack.attributesOf("aws_subnet").map(([, subnet]) => subnet.availability_zone)).size;
  const items = [
    item(
      "NAT gateways with public addresses",
      count("aws_nat_gateway"),
      PRICES.natGatewayHour + PRICES.publicAddressHour,
    ),
    item(
      "load balancer with a public address per zone",
      count("aws_lb"),
      PRICES.loadBalancerHour + zones * PRICES.publicAddressHour,
    ),
    item("interface endpoints", endpoints(stack), PRICES.interfaceEndpointHour),
    ...stack.attributesOf("aws_db_instance").flatMap(([, instance]) => database(instance)),
    ...stack.attributesOf("aws_elasticache_replication_group").map(([, group]) => cache(group)),
    ...processor(stack),
    {
      what: "web ACLs",
      dollars: count("aws_wafv2_web_acl") * PRICES.webAcl + rules(stack) * PRICES.webAclRule,
    },
    {
      what: "alarms beyond the ten free metrics",
      dollars:
        Math.max(0, alarmMetrics(stack) - 10) * PRICES.alarm +
        count("aws_cloudwatch_composite_alarm") * PRICES.compositeAlarm,
    },
    {
      what: "secrets",
      dollars: (count("aws_secretsmanager_secret") + count("aws_db_instance")) * PRICES.secret,
    },
    {
      what: "customer managed keys",
      // The foundation creates those that a stack finds by their alias.
      dollars: (count("aws_kms_key") + stack.json.at("data.aws_kms_alias").keys.length) * PRICES.key,
    },
    { what: "Managed Grafana, one editor", dollars: count("aws_grafana_workspace") * PRICES.grafanaEditor },
  ];
  return items.filter(({ dollars, notPriced }) => dollars > 0 || notPriced);
}

/** The first design exactly as drawn: two NAT gateways, ALB, RDS, cache, one Fargate task, a web ACL with one rule. */
export function firstDesign(): Item[] {
  return [
    item("NAT gateways with public addresses", 2, PRICES.natGatewayHour + PRICES.publicAddressHour),
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

function item(what: string, many: number, hour: number | undefined): Item {
  const name = many > 1 ? `${many} ${what}` : what;
  return hour === undefined
    ? { what: name, dollars: 0, notPriced: true }
    : { what: name, dollars: many * hour * HOURS_PER_MONTH };
}

function endpoints(stack: Stack): number {
  return stack
    .attributesOf("aws_vpc_endpoint")
    .reduce((sum, [, { subnet_ids: subnets }]) => sum + ((subnets as unknown[] | undefined)?.length ?? 0), 0);
}

function database({
  instance_class: type,
  allocated_storage: storage,
  multi_az: standby,
}: Attributes): Item[] {
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

function cache({ node_type: type, num_cache_clusters: clusters, engine }: Attributes): Item {
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

function processor(stack: Stack): Item[] {
  const task = taskOf(stack);
  if (task === undefined) return [];
  const { minimum: tasks, cpu, spot, hour, open } = task;
  return [
    item(`processor, ${tasks} of ${cpu} CPU units${spot ? " on spot" : ""}`, 1, tasks * hour),
    item("public addresses of its tasks", open ? tasks : 0, PRICES.publicAddressHour),
  ];
}

/** Billed metrics of all alarms; with metric math, each source metric counts. */
function alarmMetrics(stack: Stack): number {
  return stack.attributesOf("aws_cloudwatch_metric_alarm").reduce((sum, [, alarm]) => {
    const queries = new Value(alarm).at("metric_query").list;
    return sum + Math.max(1, queries.filter((query) => query.at("metric").exists).length);
  }, 0);
}

function rules(stack: Stack): number {
  return stack.of("aws_wafv2_web_acl").reduce((sum, acl) => sum + acl.at("rule").list.length, 0);
}

function times(factor: number, price: number | undefined): number | undefined {
  return price === undefined ? undefined : factor * price;
}
