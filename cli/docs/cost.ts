import type { Item } from "@packages/plan-review/cost";
import { Value } from "@packages/terraform/value";
import { HOURS, PRICES } from "./prices";
import type { Attributes, Stack } from "@packages/terraform/synthesized-stack";
import { FIRST_TASK, taskOf } from "./task";

export type { Item };

/** What an environment costs in a month in which nobody uses it. A size without a price is an item that says so. */
export function idleCost(stack: Stack): Item[] {
  const count = (type: string): number => stack.attributesOf(type).length;
  const zones = new Set(stack.attributesOf("aws_subnet").map(([, subnet]) => subnet.availability_zone)).size;
  const items = [
    item(
      "NAT gateways, with their addresses",
      count("aws_nat_gateway"),
      PRICES.natGatewayHour + PRICES.publicAddressHour,
    ),
    item(
      "load balancer, with an address in each zone",
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
      what: "alarms, beyond the ten metrics that are free",
      dollars:
        Math.max(0, alarmMetrics(stack) - 10) * PRICES.alarm +
        count("aws_cloudwatch_composite_alarm") * PRICES.compositeAlarm,
    },
    {
      what: "secrets",
      dollars: (count("aws_secretsmanager_secret") + count("aws_db_instance")) * PRICES.secret,
    },
    { what: "key of the backups in another region", dollars: count("aws_kms_key") * PRICES.key },
    { what: "Managed Grafana, one editor", dollars: count("aws_grafana_workspace") * PRICES.grafanaEditor },
  ];
  return items.filter(({ dollars, notPriced }) => dollars > 0 || notPriced);
}

/** The first design word for word: two NAT gateways, ALB, RDS, cache, one Fargate task, a web ACL with one rule. */
export function firstDesign(): Item[] {
  return [
    item("NAT gateways, with their addresses", 2, PRICES.natGatewayHour + PRICES.publicAddressHour),
    item(
      "load balancer, with an address in each zone",
      1,
      PRICES.loadBalancerHour + 2 * PRICES.publicAddressHour,
    ),
    // 100 GiB are what AWS CDK makes where, as there, nothing is said of storage.
    ...database({ instance_class: "db.t3.micro", allocated_storage: 100, multi_az: false }),
    item("cache, 1 of cache.t3.micro", 1, PRICES.cacheHour["cache.t3.micro"]),
    item("processor, 1 task of 0.25 vCPU and 0.5 GB", 1, FIRST_TASK.hour),
    { what: "web ACLs", dollars: PRICES.webAcl + PRICES.webAclRule },
    { what: "secrets", dollars: PRICES.secret },
  ];
}

export const total = (items: readonly Item[]): number => items.reduce((sum, { dollars }) => sum + dollars, 0);

/** A table of an environment's idle month. */
export function costTable(title: string, items: readonly Item[]): string {
  const rows = items.map(
    ({ what, dollars, notPriced }) => `| ${what} | ${notPriced ? "not priced" : dollars.toFixed(2)} |`,
  );
  const sum = items.some(({ notPriced }) => notPriced) ? "total of what is priced" : "total";
  return [
    `## ${title}`,
    "",
    "| | $ a month |",
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
    : { what: name, dollars: many * hour * HOURS };
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
      ? { what: "its storage, of a size that is known only after apply", dollars: 0, notPriced: true }
      : { what: `its storage, ${gib} GiB`, dollars: copies * gib * PRICES.databaseStorage },
  ];
}

function cache({ node_type: type, num_cache_clusters: clusters, engine }: Attributes): Item {
  const share = engine === "valkey" ? PRICES.valkeyShare : 1;
  const size = sizeOf(type);
  const nodes = numberOf(clusters);
  const hour = nodes === undefined ? undefined : times(nodes * share, PRICES.cacheHour[size]);
  return item(`cache, ${nodes ?? "a number known only after apply"} of ${size}`, 1, hour);
}

function sizeOf(type: unknown): string {
  return typeof type === "string" ? type : "a size that is known only after apply";
}

/** Undefined for what a plan does not tell, which is null, absent or masked. */
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
    item("its public address", open ? tasks : 0, PRICES.publicAddressHour),
  ];
}

/** Metrics that alarms ask for: with metric math each one counts. */
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
