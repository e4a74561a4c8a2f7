import { networkIn } from "../../../support/network";
import { type Synthesized, synthOf } from "../../../support/synth";
import type { NetworkSettings } from "../../../../stacks/constructs/network/settings";

const network = (settings: Partial<NetworkSettings> = {}): Synthesized =>
  synthOf((stack) => networkIn(stack, settings));

test("has a public, a private and an isolated subnet in each zone, none overlapping", () => {
  const subnets = network().of("aws_subnet");
  expect(subnets.map((subnet) => subnet.availability_zone)).toEqual(
    Array(3).fill(["us-east-1a", "us-east-1b"]).flat(),
  );
  expect(new Set(subnets.map((subnet) => subnet.cidr_block)).size).toBe(6);
});

test("a further zone renumbers no subnet", () => {
  const two = network();
  const three = network({ zones: ["us-east-1a", "us-east-1b", "us-east-1c"] });
  for (const [address, subnet] of two.resources) {
    if (address.startsWith("aws_subnet.")) expect(three.at(address).cidr_block).toBe(subnet.cidr_block);
  }
});

test.each([
  ["none", 0, 0],
  ["one", 1, 2],
  ["perZone", 2, 2],
] as const)("nat %s makes %d gateways and %d routes to them", (nat, gateways, routes) => {
  const synthesized = network({ nat });
  expect(synthesized.of("aws_nat_gateway")).toHaveLength(gateways);
  const toNat = synthesized.of("aws_route").filter((route) => route.nat_gateway_id !== undefined);
  expect(toNat).toHaveLength(routes);
  expect(new Set(toNat.map((route) => route.nat_gateway_id)).size).toBe(gateways);
});

test("only public subnets have a route to the internet gateway", () => {
  const synthesized = network({ nat: "perZone" });
  const open = synthesized.of("aws_route").filter((route) => route.gateway_id !== undefined);
  expect(open.map((route) => route.route_table_id)).toEqual(["${aws_route_table.network_public_routes.id}"]);
  const tables = Object.fromEntries(
    synthesized
      .of("aws_route_table_association")
      .map((association) => [association.subnet_id, association.route_table_id]),
  );
  const isolated = Object.keys(tables).filter((subnet) => subnet.includes("isolated"));
  expect(isolated).toHaveLength(2);
  isolated.forEach((subnet) => expect(tables[subnet]).toBe("${aws_route_table.network_isolated_routes.id}"));
  expect(JSON.stringify(synthesized.of("aws_route"))).not.toContain("isolated");
});

test("the default security group allows nothing", () => {
  const group = network().at("aws_default_security_group.network_default_security_group");
  expect(group.ingress ?? []).toEqual([]);
  expect(group.egress ?? []).toEqual([]);
});

test("S3 is reached through its gateway from private and isolated subnets", () => {
  const endpoint = network().at("aws_vpc_endpoint.network_endpoints_s3");
  expect(endpoint.vpc_endpoint_type).toBe("Gateway");
  expect(endpoint.route_table_ids).toEqual([
    "${aws_route_table.network_private_a_routes.id}",
    "${aws_route_table.network_private_b_routes.id}",
    "${aws_route_table.network_isolated_routes.id}",
  ]);
});

test("makes one interface endpoint for each service, and no group without any", () => {
  expect(
    network({ endpoints: ["sqs", "ecr.api"] }).at("aws_vpc_endpoint.network_endpoints_ecr_api"),
  ).toMatchObject({
    service_name: "com.amazonaws.us-east-1.ecr.api",
    private_dns_enabled: true,
  });
  const none = network({ endpoints: [], nat: "one" });
  expect(none.of("aws_vpc_endpoint")).toHaveLength(1);
  expect([...none.resources.keys()].join()).not.toContain("endpoints_security_group");
});

test("logs the traffic that the settings name, for a limited time", () => {
  const logged = network({ flowLogs: "ALL" });
  expect(logged.at("aws_flow_log.network_flow_logs").traffic_type).toBe("ALL");
  expect(logged.at("aws_cloudwatch_log_group.network_flow_logs_log_group").retention_in_days).toBe(14);
  expect(network({ flowLogs: { off: "a test" } }).of("aws_flow_log")).toHaveLength(0);
});
